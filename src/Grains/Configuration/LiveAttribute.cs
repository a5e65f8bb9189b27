namespace IndiiMusic.Grains.Configuration;

/// <summary>
/// Marks a setting whose change takes effect while the program runs; every other takes effect at the next start. The
/// list of settings says so, and a test changes each one that is marked.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LiveAttribute : Attribute;
