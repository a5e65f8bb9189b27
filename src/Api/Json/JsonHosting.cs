using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IndiiMusic.Api.Library;
using IndiiMusic.Api.PlaylistFiles;
using IndiiMusic.Api.Playlists;
using IndiiMusic.Api.Tracks;

namespace IndiiMusic.Api.Json;

/// <summary>How bodies are written and read: the same rules on every route and hub.</summary>
public static class JsonHosting
{
    /// <summary>Applies <see cref="Configure"/> to the bodies of all REST routes.</summary>
    public static IServiceCollection AddIndiiJson(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));

    /// <summary>
    /// camelCase members; enums as camelCase words, never numbers; numbers never as strings; times in UTC. What is not
    /// nullable and has no default must be there. Members that we do not know or that occur twice are refused: a
    /// misspelt member of a PATCH would else be dropped without a word.
    /// </summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.AllowOutOfOrderMetadataProperties = true;
        options.RespectNullableAnnotations = true;
        options.Converters.Add(new EnumWordConverterFactory());
        options.Converters.Add(new UtcTimeConverter());
        options.TypeInfoResolverChain.Insert(0, PlaylistJson.Default);
        options.TypeInfoResolverChain.Insert(1, LibraryJson.Default);
        options.TypeInfoResolverChain.Insert(2, TrackJson.Default);
        options.TypeInfoResolverChain.Insert(3, PlaylistFileJson.Default);
        options.TypeInfoResolver = JsonTypeInfoResolver
            .Combine([.. options.TypeInfoResolverChain, new DefaultJsonTypeInfoResolver()])
            .WithAddedModifier(RequireWhatCannotBeNull);
    }

    private static void RequireWhatCannotBeNull(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            if (property is { Set: not null, AssociatedParameter: { HasDefaultValue: false, IsNullable: false } })
            {
                property.IsRequired = true;
            }
        }
    }
}
