using System.Text.Json;
using System.Text.Json.Serialization;

namespace IndiiMusic.Api.Json;

/// <summary>Times are written in UTC with a Z; read with any offset, which has to be there.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // Without an offset, GetDateTimeOffset would take the server's own time zone.
        if (reader.TokenType == JsonTokenType.String
            && reader.TryGetDateTime(out var time) && time.Kind != DateTimeKind.Unspecified
            && reader.TryGetDateTimeOffset(out var timeWithOffset))
        {
            return timeWithOffset.ToUniversalTime();
        }

        throw new JsonException("It may be a time in ISO 8601 with an offset, such as 2026-01-31T12:00:00Z.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}
