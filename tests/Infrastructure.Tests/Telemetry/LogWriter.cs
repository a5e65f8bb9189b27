using System.Text.Json;
using IndiiMusic.Infrastructure.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;

namespace IndiiMusic.Infrastructure.Tests.Telemetry;

/// <summary>A log as the programs write it, into a string.</summary>
internal sealed class LogWriter : IDisposable
{
    private readonly StringWriter _text = new();
    private readonly ILoggerFactory _factory;

    public LogWriter(string format = "Ecs", string? hashKey = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:Format"] = format,
            ["Logging:HashKey"] = hashKey,
            ["Logging:NodeName"] = "node-1",
        }).Build();
        var (formatter, pseudonyms) = LoggingHosting.CreateFormatter(configuration, "indii-test");
        Pseudonyms = pseudonyms;
        var logger = new LoggerConfiguration().MinimumLevel.Verbose()
            .Enrich.With(new PersonalProperties(pseudonyms))
            .WriteTo.Sink(new Written(formatter, _text))
            .CreateLogger();
        _factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace)
            .AddProvider(new SerilogLoggerProvider(logger, dispose: true)));
    }

    public LogPseudonyms Pseudonyms { get; }

    public ILoggerFactory Factory => _factory;

    /// <summary>All that was written.</summary>
    public string Text => _text.ToString();

    /// <summary>The one line that was written, read.</summary>
    public JsonElement Entry
    {
        get
        {
            Assert.EndsWith("\n", Text, StringComparison.Ordinal);
            return JsonElement.Parse(Assert.Single(Text[..^1].Split('\n')));
        }
    }

    public Microsoft.Extensions.Logging.ILogger Logger(string category = "IndiiMusic.Tests") =>
        _factory.CreateLogger(category);

    public void Dispose()
    {
        _factory.Dispose();
        _text.Dispose();
    }

    private sealed class Written(ITextFormatter formatter, TextWriter text) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, text);
    }
}
