namespace IndiiMusic.Grains.Interfaces;

/// <summary>
/// Marks a call that has the same effect once or several times, whatever others do in between: a read, a command that
/// its operation id guards, or one that can only end something. Setting a value is none: said again, it would undo
/// what somebody else has set meanwhile. A gateway sends such a call again when it does not know what became of the
/// first.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SafeToRepeatAttribute : Attribute;
