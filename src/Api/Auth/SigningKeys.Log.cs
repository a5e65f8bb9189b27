namespace IndiiMusic.Api.Auth;

internal sealed partial class SigningKeys
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Made the first signing key for access tokens.")]
    private partial void LogMade();
}
