using System.Text.RegularExpressions;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// Takes out of a text what must stand in no log, whoever wrote it: tokens, passwords, e-mail addresses, queries, and
/// the ids of users and sessions, in whose place their hashes go. Our own entries hold none of it; this is for the
/// messages of libraries and of exceptions, at any level.
/// </summary>
public sealed partial class LogRedaction(LogPseudonyms pseudonyms)
{
    private const string Withheld = "[text withheld: it took too long to look for secrets in it]";
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int TimeoutMs = 250;

    /// <summary>What goes in the place of ids.</summary>
    public LogPseudonyms Pseudonyms { get; } = pseudonyms;

    /// <summary>The text without them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isOwn">
    /// Whether our own code wrote it. Others print what grains answer, where an id has no name; so of those that are
    /// not plainly a playlist's or a track's none stays.
    /// </param>
    public string Clean(string text, bool isOwn)
    {
        try
        {
            text = CleanOnce(text);
            return isOwn ? text : Ids().Replace(text, match => Pseudonyms.Of(Guid.Parse(match.ValueSpan)));
        }
        catch (RegexMatchTimeoutException)
        {
            return Withheld;
        }
    }

    private string CleanOnce(string text)
    {
        text = Tokens().Replace(text, "[token]");
        text = UserInfos().Replace(text, "://[secret]@");
        text = Assignments().Replace(text, "${name}${gap}[secret]");
        text = Queries().Replace(text, "${before}?[query]");
        text = Invites().Replace(text, "${before}[token]");
        text = Emails().Replace(text, "[email]");
        text = NamedGrains().Replace(text, match => $"{match.Groups["type"].Value}/{Hash(match.Groups["key"].Value)}");
        return Persons().Replace(text, match =>
            match.Groups["before"].Value
            + (Guid.TryParse(match.Groups["id"].ValueSpan, out var id) ? Pseudonyms.Of(id) : "[id]"));
    }

    private string Hash(string name) => Pseudonyms.Of(name);

    /// <summary>Access tokens, personal ones, and what looks like random bytes: refresh tokens, hashes, keys.</summary>
    [GeneratedRegex(
        @"eyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?"
        + @"|indii_(pat|dev)_\w+"
        + @"|AQAAAA[A-Za-z0-9+/]{40,}={0,2}"
        + @"|(?<![\w+/=])[A-Za-z0-9+/]{40,}={1,2}(?![\w=])"
        + @"|(?<![\w+/=.-])(?=[\w-]{0,40}[A-Z])(?=[\w-]{0,40}[a-z])"
        + @"[\w-]{43,}(?![\w.(`<])",
        Options, TimeoutMs)]
    private static partial Regex Tokens();

    /// <summary>Names and passwords within addresses.</summary>
    [GeneratedRegex(@"://[^/\s@""']{1,512}@", Options, TimeoutMs)]
    private static partial Regex UserInfos();

    /// <summary>Names that say what stands behind them.</summary>
    [GeneratedRegex(
        @"(?<name>\b(\w{0,32}(password|passwd|pwd|secret|apikey|accesskey|secretkey|access_token|refreshtoken"
        + @"|refresh_token|authorization|x-consul-token)\w{0,16}|bearer|login|username|display_?name|email))"
        + @"(?<gap>[""']?\s{0,4}[=:]\s{0,4}[""']?|(?<=bearer)\s)(bearer\s+)?[^\s""',;&}\])]+",
        Options | RegexOptions.IgnoreCase, TimeoutMs)]
    private static partial Regex Assignments();

    /// <summary>What people look for stands in the query; so does a hub's token.</summary>
    [GeneratedRegex(
        @"(?<before>\bhttps?://[^\s?""'<>]{1,2048}|/(api|hubs|health|metrics)\b[^\s?""'<>]{0,2048})\?[^\s""'<>]{1,}",
        Options | RegexOptions.IgnoreCase, TimeoutMs)]
    private static partial Regex Queries();

    [GeneratedRegex(@"(?<before>/invites/)[^/\s""'?{}]+", Options, TimeoutMs)]
    private static partial Regex Invites();

    [GeneratedRegex(@"[^\s@""'<>()\[\]{}/\\=:,;]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,8}", Options, TimeoutMs)]
    private static partial Regex Emails();

    /// <summary>Grains whose very key is a name: claims on user names and addresses, and idempotency keys.</summary>
    [GeneratedRegex(@"\b(?<type>claim|idempotency)/(?<key>[^\s\])}""',;]+)", Options, TimeoutMs)]
    private static partial Regex NamedGrains();

    [GeneratedRegex(
        @"(?<!(playlist|track)\w{0,8}[""']?[\s:=/]{1,4})\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
        Options | RegexOptions.IgnoreCase, TimeoutMs)]
    private static partial Regex Ids();

    /// <summary>Ids behind a word for a person or a session: grain ids, paths, members of records, sentences.</summary>
    [GeneratedRegex(
        @"(?<before>\b\w{0,24}(user|session|collaborator|owner|actor|library|favourites|avatars?|registrant|addedby|by"
        + @"|token|factor)"
        + @"(id|s)?[""']?[\s:=/({]{1,4})(?<id>[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})\b",
        Options | RegexOptions.IgnoreCase, TimeoutMs)]
    private static partial Regex Persons();
}
