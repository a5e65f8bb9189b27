using System.Text.Json;
using System.Text.Json.Serialization;
using IndiiMusic.Api.Library;
using IndiiMusic.Api.Playlists;
using IndiiMusic.Api.Tracks;

namespace IndiiMusic.Api.Json;

/// <summary>How bodies are written and read: the same rules on every route and hub.</summary>
public static class JsonHosting
{
    /// <summary>Applies <see cref="Configure"/> to the bodies of all REST routes.</summary>
    public static IServiceCollection AddIndiiJson(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));

    /// <summary>camelCase members; enums as camelCase words, never numbers; numbers never as strings; times in UTC.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new UtcTimeConverter());
        options.TypeInfoResolverChain.Insert(0, PlaylistJson.Default);
        options.TypeInfoResolverChain.Insert(1, LibraryJson.Default);
        options.TypeInfoResolverChain.Insert(2, TrackJson.Default);
    }
}
