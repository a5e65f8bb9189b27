using System.Globalization;
using System.Text;

namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>What a client says of its device, as it may be kept and shown. Pure.</summary>
public static class DeviceText
{
    /// <summary>
    /// The text in one line of at most <see cref="AuthLimits.DeviceLengthMax"/> characters, without what cannot be
    /// seen: control and formatting characters, such as those that turn the direction of writing. Null where nothing
    /// is left.
    /// </summary>
    public static string? Clean(string? text)
    {
        if (text is null)
            return null;

        var clean = new StringBuilder(AuthLimits.DeviceLengthMax);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHidden(rune))
                continue;

            var isSpace = Rune.IsWhiteSpace(rune);
            if (isSpace && (clean.Length == 0 || clean[^1] == ' '))
                continue;
            if (clean.Length + rune.Utf16SequenceLength > AuthLimits.DeviceLengthMax)
                break;
            clean.Append(isSpace ? " " : rune.ToString());
        }

        var line = clean.ToString().TrimEnd();
        return line.Length == 0 ? null : line;
    }

    private static bool IsHidden(Rune rune) =>
        rune == Rune.ReplacementChar
        || (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
            or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
