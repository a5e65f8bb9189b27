using IndiiMusic.Grains.Tracks;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Infrastructure.Media;

/// <summary>Reading audio files with ffmpeg's programs.</summary>
public static class MediaHosting
{
    /// <summary>Adds <see cref="IMediaProbe"/>.</summary>
    public static IServiceCollection AddIndiiMedia(this IServiceCollection services)
    {
        services.AddOptions<FfmpegOptions>()
            .BindConfiguration(FfmpegOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IMediaProbe, FfmpegMediaProbe>();
        return services;
    }
}
