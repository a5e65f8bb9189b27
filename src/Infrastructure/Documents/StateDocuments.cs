using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace IndiiMusic.Infrastructure.Documents;

/// <summary>
/// Grain state as JSON documents that a person can read and that name no CLR type, so that classes can be renamed and
/// moved. State of Orleans's own system grains keeps Orleans's own format, since only Orleans knows how to read it.
/// </summary>
internal sealed class StateDocuments(IGrainStorageSerializer orleansOwn)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes a state as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Write<T>(T state) => IsOrleansOwn<T>()
        ? orleansOwn.Serialize(state).ToMemory()
        : JsonSerializer.SerializeToUtf8Bytes(state, Json);

    /// <summary>Reads what <see cref="Write{T}"/> wrote.</summary>
    /// <exception cref="JsonException">The document does not fit the type.</exception>
    public T Read<T>(byte[] document)
    {
        var state = IsOrleansOwn<T>()
            ? orleansOwn.Deserialize<T>(BinaryData.FromBytes(document))
            : JsonSerializer.Deserialize<T>(document, Json);
        return state ?? throw new JsonException("The document is null.");
    }

    private static bool IsOrleansOwn<T>() =>
        typeof(T).Assembly.GetName().Name?.StartsWith("Orleans.", StringComparison.Ordinal) == true;
}
