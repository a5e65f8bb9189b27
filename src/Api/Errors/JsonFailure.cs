using System.Text.Json;
using System.Text.RegularExpressions;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.Errors;

/// <summary>
/// Puts a body that could not be read into the caller's words. The serializer's own texts name our types, so only
/// what they quote is kept.
/// </summary>
internal static partial class JsonFailure
{
    public static Failure Of(JsonException exception)
    {
        var field = exception.Path is { Length: > 2 } path ? path[2..] : "";
        var problem = Describe(exception);
        return new Failure(
            ErrorCode.InvalidRequest,
            $"{(field.Length == 0 ? "body" : field)}: {problem}",
            Fields: [new FieldError(field, problem)]);
    }

    private static string Describe(JsonException exception)
    {
        var message = exception.Message;
        return message switch
        {
            _ when Says("was missing required") => $"It lacks {MissingMembers(message)}.",
            _ when Says("could not be mapped to any .NET member") => "It is not known here.",
            _ when Says("Duplicate property") => "It occurs twice.",
            _ when Says("doesn't allow") => "It may not be null.",
            _ when Says("could not be converted") => "It is not a value of the kind that belongs here.",
            _ when !Says("LineNumber: ") => message, // A converter of ours refused it, in words meant for the sender.
            _ => $"It is not valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.",
        };

        bool Says(string part) => message.Contains(part, StringComparison.Ordinal);
    }

    private static string MissingMembers(string message) =>
        string.Join(", ", Quoted().Matches(message).Skip(1).Select(match => match.Groups["name"].Value));

    [GeneratedRegex("'(?<name>[^']*)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Quoted();
}
