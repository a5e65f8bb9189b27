using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>Lines for people, out of which secrets and persons are taken as out of any other.</summary>
internal sealed class RedactedText(LogRedaction redaction) : ITextFormatter
{
    private static readonly MessageTemplateTextFormatter Head =
        new("{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {SourceContext}: ", CultureInfo.InvariantCulture);

    // Strings in a message stand without quotes.
    private static readonly MessageTemplateTextFormatter Text =
        new("{Message:lj}{NewLine}{Exception}", CultureInfo.InvariantCulture);

    private static readonly MessageTemplateTextFormatter Sentence = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        Head.Format(logEvent, output);
        output.Write(redaction.Clean(Render(Text, logEvent), EcsFormatter.IsOwn(logEvent)));
    }

    /// <summary>The message alone, as every format shows it.</summary>
    internal static string MessageOf(LogEvent logEvent) => Render(Sentence, logEvent);

    private static string Render(MessageTemplateTextFormatter formatter, LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Format(logEvent, text);
        return text.ToString();
    }
}
