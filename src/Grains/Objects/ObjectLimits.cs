namespace IndiiMusic.Grains.Objects;

/// <summary>Bounds of what <see cref="IObjectStore"/> keeps.</summary>
public static class ObjectLimits
{
    /// <summary>Characters of a key.</summary>
    public const int KeyLengthMax = 512;

    /// <summary>Characters of one name in a key, between two <c>/</c>; file systems stop at 255 bytes.</summary>
    public const int KeyNameLengthMax = 200;
}
