using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IndiiMusic.Api.Json;

/// <summary>
/// Enums as camelCase words. A word that is none of them is refused with a list of those that are.
/// </summary>
internal sealed class EnumWordConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(EnumWordConverter<>).MakeGenericType(typeToConvert))!;

    private sealed class EnumWordConverter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly FrozenDictionary<string, T> ByWord = Enum.GetValues<T>().Distinct()
            .ToFrozenDictionary(
                value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), StringComparer.Ordinal);

        private static readonly FrozenDictionary<T, JsonEncodedText> Words =
            ByWord.ToFrozenDictionary(pair => pair.Value, pair => JsonEncodedText.Encode(pair.Key));

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && ByWord.TryGetValue(reader.GetString()!, out var value)
                ? value
                : throw Unknown();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (!Words.TryGetValue(value, out var word))
            {
                throw new JsonException($"{typeof(T).Name} {value} has no word.");
            }

            writer.WriteStringValue(word);
        }

        public override T ReadAsPropertyName(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ByWord.TryGetValue(reader.GetString()!, out var value)
                ? value
                : throw Unknown();

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(Words[value]);

        private static JsonException Unknown() => new($"It may be one of {string.Join(", ", ByWord.Keys.Order())}.");
    }
}
