using System.Buffers.Text;
using System.Text.Json;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Infrastructure.Catalog;

/// <summary>
/// Where a page of the catalog ended: the order and the sort keys of its last track, so that the next page goes on
/// behind it whatever was added or removed meanwhile.
/// </summary>
internal static class CatalogCursor
{
    public static string Write(CatalogSort sort, object[] keys) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<object[]>([(int)sort, .. keys]));

    /// <summary>The keys, each a text or a whole number.</summary>
    /// <exception cref="IndiiException">
    /// <c>invalid_request</c> when a list of this order did not give the cursor.
    /// </exception>
    public static object[] Read(string cursor, CatalogSort sort, int keyCount)
    {
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(cursor));
            var items = json.RootElement.EnumerateArray().ToList();
            if (items.Count == keyCount + 1 && items[0].GetInt32() == (int)sort)
                return [.. items.Skip(1).Select(Key)];
        }
        catch (Exception failure) when (failure is FormatException or JsonException or InvalidOperationException)
        {
            // Falls through: to its sender it is the same whichever way the cursor is wrong.
        }

        throw IndiiException.Invalid("cursor is not one that this list gave, or was given for another sort.");
    }

    private static object Key(JsonElement item) =>
        item.ValueKind == JsonValueKind.Number ? item.GetInt64() : item.GetString()!;
}
