using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Infrastructure.Media;

/// <summary>
/// Makes sense of tags. ID3, Vorbis comments and iTunes atoms spell the same thing differently
/// (<c>MusicBrainz Album Id</c>, <c>MUSICBRAINZ_ALBUMID</c>), so names are compared by their letters and digits alone.
/// The names are those that MusicBrainz Picard documents.
/// </summary>
internal static partial class FfprobeTags
{
    // R128 gains aim at -23 LUFS and ReplayGain 2.0 at -18 LUFS.
    private const double R128ToReplayGainDb = 5.0;

    /// <summary>A tag's name without what spellings differ in.</summary>
    public static string Key(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (char.IsLetterOrDigit(character))
                key.Append(char.ToLowerInvariant(character));
        }

        return key.ToString();
    }

    /// <summary>Reads tags whose names went through <see cref="Key"/>.</summary>
    public static TrackTags Read(IReadOnlyDictionary<string, string> tags, string fallbackTitle) => new(
        Title: Text(tags, "title") ?? Cut(Clean(fallbackTitle)) ?? "Untitled",
        Artists: List(tags, TrackLimits.ArtistsMax, "artists", "artist"),
        AlbumArtist: Text(tags, "albumartist"),
        Album: Text(tags, "album"),
        TrackNumber: Number(tags, "track", "tracknumber"),
        DiscNumber: Number(tags, "disc", "discnumber"),
        Year: Year(tags),
        Genres:
        [
            .. List(tags, TrackLimits.GenresMax, "genre").Select(WithoutId3Number).Where(genre => genre.Length > 0),
        ],
        MusicBrainz: MusicBrainz(tags),
        ReplayGain: Gain(tags));

    private static string? Text(IReadOnlyDictionary<string, string> tags, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (tags.TryGetValue(key, out var value) && Cut(Clean(value)) is { } text)
                return text;
        }

        return null;
    }

    // Several values come joined by a semicolon; people also write them with a slash between spaces, never as in AC/DC.
    private static ImmutableArray<string> List(
        IReadOnlyDictionary<string, string> tags, int countMax, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (!tags.TryGetValue(key, out var value))
                continue;
            var items = Separators().Split(value)
                .Select(item => Cut(Clean(item)))
                .OfType<string>()
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Take(countMax)
                .ToImmutableArray();
            if (items.Length > 0)
                return items;
        }

        return [];
    }

    // "3/12" is the third of twelve.
    private static int? Number(IReadOnlyDictionary<string, string> tags, params ReadOnlySpan<string> keys)
    {
        var text = Text(tags, keys);
        return text is not null
            && int.TryParse(text.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= 9999
                ? number
                : null;
    }

    private static int? Year(IReadOnlyDictionary<string, string> tags)
    {
        foreach (var key in new[] { "date", "year", "originaldate", "originalyear" })
        {
            var match = FourDigits().Match(Text(tags, key) ?? "");
            if (match.Success && int.Parse(match.Value, CultureInfo.InvariantCulture) is var year and > 0)
                return year;
        }

        return null;
    }

    private static MusicBrainzIds? MusicBrainz(IReadOnlyDictionary<string, string> tags)
    {
        // Picard calls the recording's id "track id", and the track's own "release track id".
        var ids = new MusicBrainzIds(
            RecordingId: Id(tags, "musicbrainzrecordingid") ?? Id(tags, "musicbrainztrackid"),
            TrackId: Id(tags, "musicbrainzreleasetrackid"),
            ReleaseId: Id(tags, "musicbrainzalbumid") ?? Id(tags, "musicbrainzreleaseid"),
            ArtistIds: Ids(tags, "musicbrainzartistid"));
        return ids is { RecordingId: null, TrackId: null, ReleaseId: null, ArtistIds.Length: 0 } ? null : ids;
    }

    private static Guid? Id(IReadOnlyDictionary<string, string> tags, string key) =>
        Ids(tags, key) is [var first, ..] ? first : null;

    private static ImmutableArray<Guid> Ids(IReadOnlyDictionary<string, string> tags, string key) =>
        tags.TryGetValue(key, out var value)
            ? [
                .. Uuid().Matches(value)
                    .Select(match => Guid.Parse(match.Value))
                    .Distinct()
                    .Take(TrackLimits.ArtistsMax),
            ]
            : [];

    private static ReplayGain? Gain(IReadOnlyDictionary<string, string> tags)
    {
        var gain = new ReplayGain(
            TrackGainDb: Decimal(tags, "replaygaintrackgain") ?? R128(tags, "r128trackgain"),
            TrackPeak: Decimal(tags, "replaygaintrackpeak"),
            AlbumGainDb: Decimal(tags, "replaygainalbumgain") ?? R128(tags, "r128albumgain"),
            AlbumPeak: Decimal(tags, "replaygainalbumpeak"));
        return gain is { TrackGainDb: null, TrackPeak: null, AlbumGainDb: null, AlbumPeak: null } ? null : gain;
    }

    private static double? Decimal(IReadOnlyDictionary<string, string> tags, string key)
    {
        var match = DecimalNumber().Match(Text(tags, key) ?? "");
        return match.Success
            && double.TryParse(match.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < 1000
                ? number
                : null;
    }

    // Opus files hold the gain as a 16-bit number in 256ths of a decibel (RFC 7845).
    private static double? R128(IReadOnlyDictionary<string, string> tags, string key) =>
        short.TryParse(Text(tags, key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var q78)
            ? Math.Round((q78 / 256.0) + R128ToReplayGainDb, 2)
            : null;

    // ID3 writes a genre's number before its name: "(17)Rock".
    private static string WithoutId3Number(string genre) => Id3Number().Replace(genre, "").Trim();

    private static string Clean(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var character in value)
            text.Append(char.IsControl(character) ? ' ' : character);
        return text.ToString().Trim();
    }

    private static string? Cut(string value)
    {
        if (value.Length == 0)
            return null;
        if (value.Length <= TrackLimits.TextCharactersMax)
            return value;
        var length = TrackLimits.TextCharactersMax;
        return value[..(char.IsHighSurrogate(value[length - 1]) ? length - 1 : length)];
    }

    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"[;\0]| / ", Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Separators();

    [GeneratedRegex("[0-9]{4}", Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FourDigits();

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"[+-]?[0-9]+(\.[0-9]+)?", Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DecimalNumber();

    [GeneratedRegex(@"^\([0-9]{1,3}\)", Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id3Number();
}
