using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace IndiiMusic.Grains.Catalog;

/// <summary>
/// Texts without what people leave out or write differently: case, accents, punctuation, who is featured. Folded texts
/// are only ever compared with each other. The program runs without culture data, in which mode .NET does not decompose
/// characters, so the accents of Latin letters are listed here.
/// </summary>
public static partial class FoldedText
{
    private static readonly FrozenDictionary<char, string> Plain = new[]
    {
        ("a", "àáâãäåāăąǎ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęěẽ"), ("g", "ĝğġģ"), ("h", "ĥħ"),
        ("i", "ìíîïĩīĭįıǐ"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŉ"), ("o", "òóôõöøōŏőǒ"),
        ("r", "ŕŗř"), ("s", "śŝşšșſ"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűųǔ"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"),
        ("ss", "ß"), ("ae", "æ"), ("oe", "œ"), ("th", "þ"), (" and ", "&"),
        ("", "'’‘`´ʼ"),
    }.SelectMany(pair => pair.Item2, (pair, accented) => KeyValuePair.Create(accented, pair.Item1))
        .ToFrozenDictionary();

    /// <summary>
    /// Lower case, no accents, and one space in place of each run of anything but letters and digits.
    /// </summary>
    public static string Of(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            var lower = char.ToLowerInvariant(character);
            if (Plain.TryGetValue(lower, out var plain))
                folded.Append(plain);
            else if (char.IsLetterOrDigit(lower) || char.IsSurrogate(lower))
                folded.Append(lower);
            else if (lower is not (>= '\u0300' and <= '\u036F'))
                folded.Append(' ');
        }

        return string.Join(' ', folded.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The key by which artist and title are matched; empty when either has nothing to match by.</summary>
    public static string ArtistTitle(string artist, string title)
    {
        var foldedArtist = Of(Featuring().Replace(artist, ""));
        if (foldedArtist.StartsWith("the ", StringComparison.Ordinal))
            foldedArtist = foldedArtist[4..];
        var foldedTitle = Of(Featuring().Replace(title, ""));
        return foldedArtist.Length == 0 || foldedTitle.Length == 0 ? "" : $"{foldedArtist}|{foldedTitle}";
    }

    /// <summary>The last parts of a path, of either slash, each folded; empty when it has fewer.</summary>
    public static string PathEnding(string path, int partCount)
    {
        var parts = PathParts(path);
        return parts.Length < partCount ? "" : string.Join('/', parts[^partCount..]);
    }

    /// <summary>The parts of a path, of either slash, each folded.</summary>
    public static string[] PathParts(string path) =>
    [
        .. path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part is not ("." or ".."))
            .Select(Of),
    ];

    [GeneratedRegex(
        @"\s*[\(\[]?\b(feat\.?|ft\.|featuring)\s.*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Featuring();
}
