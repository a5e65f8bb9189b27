using System.Text;
using Microsoft.Extensions.Configuration;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>Turns what stores hold into keys and values.</summary>
internal sealed class LiveSettingsText
{
    /// <summary>Keys that a store may hold; more is taken for a mistake.</summary>
    public const int KeysMax = 10_000;

    /// <summary>Bytes that a store may hold, keys and values together.</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _problems = [];
    private long _bytes;

    /// <summary>Adds a whole JSON document below a key.</summary>
    /// <param name="key">Where; empty for the root.</param>
    /// <param name="json">The document.</param>
    /// <param name="what">What it is called in a message.</param>
    public void AddJson(string key, byte[] json, string what)
    {
        try
        {
            using var stream = new MemoryStream(json);
            var document = new ConfigurationBuilder().AddJsonStream(stream).Build();
            foreach (var (path, value) in document.AsEnumerable())
            {
                // A key that holds others has no value of its own.
                if (value is not null)
                    Add(key.Length == 0 ? path : $"{key}:{path}", value);
            }
        }
        catch (Exception broken) when (broken is FormatException or System.Text.Json.JsonException
            or InvalidDataException)
        {
            _problems.Add($"{what} is no JSON object, or only half of one: {Why(broken)}");
        }
    }

    /// <summary>Adds a key with its bytes: text, or a JSON object when it begins with a brace.</summary>
    public void AddBytes(string key, byte[] value, string what)
    {
        _bytes += key.Length + value.Length;
        if (_bytes > BytesMax)
            return;
        if (value is [(byte)'{', ..])
        {
            AddJson(key, value, what);
            return;
        }

        try
        {
            // Editors and shells end a file with a line break.
            Add(key, Utf8.GetString(value).TrimEnd('\r', '\n'));
        }
        catch (DecoderFallbackException)
        {
            _problems.Add($"{what} holds bytes that are no text in UTF-8.");
        }
    }

    /// <summary>What was added.</summary>
    public LiveSettingsReading Read(ulong position)
    {
        if (_bytes > BytesMax)
            _problems.Add($"There are more than {BytesMax} bytes of settings.");
        if (_values.Count > KeysMax)
            _problems.Add($"There are {_values.Count} settings; {KeysMax} are the most.");
        return new LiveSettingsReading(position, _values, _problems);
    }

    private void Add(string key, string value)
    {
        if (!_values.TryAdd(key, value))
            _problems.Add($"{key} is there twice.");
    }

    private static string Why(Exception broken) =>
        (broken.InnerException ?? broken).Message.Replace("\r", "", StringComparison.Ordinal).Split('\n')[0];
}
