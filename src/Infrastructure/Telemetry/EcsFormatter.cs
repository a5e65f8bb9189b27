using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IndiiMusic.Grains.Auditing;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>What each line says of the program that wrote it.</summary>
/// <param name="Name"><c>service.name</c>.</param>
/// <param name="Version"><c>service.version</c>.</param>
/// <param name="NodeName"><c>service.node.name</c>.</param>
/// <param name="Environment"><c>service.environment</c>.</param>
public sealed record LogService(string Name, string Version, string NodeName, string Environment);

/// <summary>
/// Writes an entry as one line of JSON in the Elastic Common Schema, with names from <see cref="EcsFields"/> alone. Our
/// own, as no package of Elastic's could be had. No value can break a line or grow it without bound.
/// </summary>
public sealed class EcsFormatter(LogService service, LogRedaction redaction) : ITextFormatter
{
    /// <summary>Characters of a message.</summary>
    public const int MessageCharactersMax = 8_192;

    /// <summary>Characters of a stack trace.</summary>
    public const int StackTraceCharactersMax = 16_384;

    /// <summary>Characters of any other value: what Elasticsearch looks at in a keyword.</summary>
    public const int ValueCharactersMax = 1_024;

    /// <summary>Labels of one entry.</summary>
    public const int LabelsMax = 16;

    private const string OwnCategories = "IndiiMusic.";
    private const string Elapsed = "ElapsedMs";

    // Stands in messages for people, and as trace.id in any case.
    private const string OwnTrace = "TraceId";
    private const double NanosecondsPerMillisecond = 1e6;

    private static readonly JsonWriterOptions Json = new()
    {
        // Quotes, control characters and line separators are escaped; the line is put into no web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        var line = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(line, Json))
        {
            json.WriteStartObject();
            WriteHead(json, logEvent);
            WriteTrace(json);
            if (logEvent.Exception is { } exception)
                WriteError(json, exception, IsOwn(logEvent));
            WriteProperties(json, logEvent);
            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(line.WrittenSpan));
        output.Write('\n');
    }

    private static string LevelOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warn",
        LogEventLevel.Error => "error",
        _ => "fatal",
    };

    private void WriteHead(Utf8JsonWriter json, LogEvent entry)
    {
        var category = CategoryOf(entry);
        json.WriteString(
            "@timestamp",
            entry.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("log.level", LevelOf(entry.Level));
        Write(json, "message", RedactedText.MessageOf(entry), MessageCharactersMax, IsOwn(entry));
        json.WriteString("ecs.version", EcsFields.SchemaVersion);
        Write(json, "log.logger", category, ValueCharactersMax);
        json.WriteString("service.name", service.Name);
        json.WriteString("service.version", service.Version);
        json.WriteString("service.node.name", service.NodeName);
        json.WriteString("service.environment", service.Environment);
        json.WriteNumber("process.pid", Environment.ProcessId);
        var isAudit = category == AuditLog.Category;
        json.WriteString("event.dataset", service.Name + (isAudit ? ".audit" : ".log"));
        json.WriteString("event.kind", "event");
        if (EventCodeOf(entry) is { } code)
            Write(json, "event.code", code, ValueCharactersMax);
        if (isAudit && RequestTrace.Client is { } client)
            json.WriteString("client.ip", client);
    }

    private static void WriteTrace(Utf8JsonWriter json)
    {
        // An entry is formatted where it is written, so this is what its request runs in.
        if (RequestTrace.Id is { } trace)
            json.WriteString("trace.id", trace);
        if (RequestTrace.Recorded is not { } activity)
            return;
        json.WriteString("span.id", activity.SpanId.ToHexString());
        while (activity is { HasRemoteParent: false, Parent: { } parent })
            activity = parent;
        json.WriteString("transaction.id", activity.SpanId.ToHexString());
    }

    private void WriteError(Utf8JsonWriter json, Exception exception, bool isOwn)
    {
        Write(json, "error.type", exception.GetType().FullName ?? exception.GetType().Name, ValueCharactersMax);
        Write(json, "error.message", exception.Message, MessageCharactersMax, isOwn);
        Write(json, "error.stack_trace", exception.ToString(), StackTraceCharactersMax, isOwn);
    }

    private void WriteProperties(Utf8JsonWriter json, LogEvent entry)
    {
        // Other libraries choose names and types as they like: what they say stands in the message alone.
        if (!IsOwn(entry))
            return;
        var labels = 0;
        foreach (var (name, property) in entry.Properties)
        {
            if (name == Elapsed)
                WriteDuration(json, property);
            else if (EcsFields.OfProperty.TryGetValue(name, out var field))
                WriteField(json, field, property);
            else if (name != OwnTrace && IsOfMessage(entry, name) && labels++ < LabelsMax)
                Write(json, EcsFields.Labels + LabelOf(name), TextOf(property), ValueCharactersMax);
        }
    }

    private void WriteField(Utf8JsonWriter json, string field, LogEventPropertyValue property)
    {
        var text = TextOf(property);
        if (EcsFields.Lists.Contains(field))
        {
            json.WriteStartArray(field);
            json.WriteStringValue(text);
            json.WriteEndArray();
        }
        else if (EcsFields.All[field] != EcsType.Long)
        {
            Write(json, field, text, ValueCharactersMax);
        }
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumber(field, number);
        }
    }

    private static void WriteDuration(Utf8JsonWriter json, LogEventPropertyValue property)
    {
        if (property is ScalarValue { Value: double milliseconds } && double.IsFinite(milliseconds))
            json.WriteNumber("event.duration", (long)(milliseconds * NanosecondsPerMillisecond));
    }

    private static bool IsOfMessage(LogEvent entry, string name)
    {
        foreach (var token in entry.MessageTemplate.Tokens)
        {
            if (token is Serilog.Parsing.PropertyToken property && property.PropertyName == name)
                return true;
        }

        return false;
    }

    /// <summary>Whether one of our own classes wrote it.</summary>
    internal static bool IsOwn(LogEvent entry) =>
        CategoryOf(entry).StartsWith(OwnCategories, StringComparison.Ordinal);

    private static string CategoryOf(LogEvent entry) =>
        entry.Properties.TryGetValue(Constants.SourceContextPropertyName, out var value)
        && value is ScalarValue { Value: string category }
            ? category
            : "";

    private static string? EventCodeOf(LogEvent entry)
    {
        if (!entry.Properties.TryGetValue("EventId", out var value) || value is not StructureValue id)
            return null;
        var name = id.Properties.FirstOrDefault(static property => property.Name == "Name")?.Value;
        var number = id.Properties.FirstOrDefault(static property => property.Name == "Id")?.Value;
        return name is ScalarValue { Value: string { Length: > 0 } named } ? named
            : number is ScalarValue { Value: int numbered } ? numbered.ToString(CultureInfo.InvariantCulture)
            : null;
    }

    private static string TextOf(LogEventPropertyValue property) => property switch
    {
        ScalarValue { Value: null } => "",
        ScalarValue { Value: string text } => text,
        ScalarValue { Value: IFormattable value } => value.ToString(null, CultureInfo.InvariantCulture),
        ScalarValue { Value: { } value } => value.ToString() ?? "",
        _ => property.ToString(null, CultureInfo.InvariantCulture),
    };

    /// <summary>As Elastic writes names: <c>ServiceId</c> becomes <c>service_id</c>.</summary>
    private static string LabelOf(string name)
    {
        var label = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && label.Length > 0 && label[^1] != '_')
                label.Append('_');
            label.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        }

        return label.ToString();
    }

    // Cut before it is searched, so that a huge text costs no more than a large one.
    private void Write(Utf8JsonWriter json, string field, string text, int charactersMax, bool isOwn = true)
    {
        const string more = " [...]";
        var isCut = text.Length > charactersMax;
        if (isCut)
            text = text[..(charactersMax - more.Length)];
        text = redaction.Clean(text, isOwn);
        json.WriteString(field, isCut ? text + more : text);
    }
}
