namespace IndiiMusic.Grains.Interfaces;

/// <summary>
/// Marks a call that has the same effect once or several times: a read, or a command that its operation id or its own
/// meaning guards. A gateway sends such a call again when it does not know what became of the first.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SafeToRepeatAttribute : Attribute;
