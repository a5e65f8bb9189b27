namespace IndiiMusic.Grains.Configuration;

/// <summary>Marks a setting whose value no message, log line or page repeats.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
