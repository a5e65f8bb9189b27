namespace IndiiMusic.Infrastructure.Hosting;

/// <summary>The program cannot start as things are; the message says what to do about it.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
