namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// Figures that nobody counts as they change, because it would cost each request something: they are looked up every
/// <see cref="FigureSampling.Interval"/>, however often the process is scraped.
/// </summary>
public interface ISampledFigures
{
    /// <summary>Looks them up and sets them. It may fail; then it is asked again.</summary>
    Task SampleAsync(CancellationToken cancellationToken);
}
