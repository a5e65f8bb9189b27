using System.Globalization;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// Reminders in MongoDB, laid out as Orleans.Providers.MongoDB does: the collection <c>OrleansReminderV2</c> and the
/// indexes by the grain's place on the ring and by its name. Shard key: <c>{ServiceId: 1, GrainHash: 1}</c>, which the
/// ranges of the ring name; times are kept to the millisecond.
/// </summary>
internal sealed class MongoDbReminderTable(MongoDbDatabase database, IOptions<ClusterOptions> cluster) : IReminderTable
{
    private const string Kind = "reminders";
    private const string CollectionName = "OrleansReminderV2";
    private const int UpsertTriesMax = 10;

    public static IReadOnlyList<MongoDbIndex> Indexes { get; } =
    [
        new(CollectionName, "ByHash", new BsonDocument { { "IsDeleted", 1 }, { "ServiceId", 1 }, { "GrainHash", 1 } }),
        new(
            CollectionName,
            "ByName",
            new BsonDocument { { "IsDeleted", 1 }, { "ServiceId", 1 }, { "GrainId", 1 }, { "ReminderName", 1 } }),
    ];

    private IMongoCollection<BsonDocument> Collection => database.Collection<BsonDocument>(CollectionName);

    private string ServiceId => cluster.Value.ServiceId;

    /// <summary>Completes at once: the host's start has waited for the database.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<ReminderTableData> ReadRows(GrainId grainId) =>
        new(await ReadAsync(With("GrainId", grainId.ToString())));

    /// <summary>
    /// The reminders behind <paramref name="begin"/> up to and with <paramref name="end"/> on the ring. A range across
    /// the ring's end is two ranges of the index.
    /// </summary>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        if (begin < end)
        {
            return new(await ReadAsync(With(
                "GrainHash", new BsonDocument { { "$gt", (long)begin }, { "$lte", (long)end } })));
        }

        if (begin == end)
            return new(await ReadAsync(With()));
        var behind = await ReadAsync(With("GrainHash", new BsonDocument("$gt", (long)begin)));
        return new([.. behind, .. await ReadAsync(With("GrainHash", new BsonDocument("$lte", (long)end)))]);
    }

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        (await ReadAsync(With("GrainId", grainId.ToString()).Add("ReminderName", reminderName))).SingleOrDefault();

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var etag = Guid.CreateVersion7().ToString();
        var hash = (long)entry.GrainId.GetUniformHashCode();
        var document = new BsonDocument
        {
            { "_id", IdOf(entry.GrainId, entry.ReminderName) },
            { "ServiceId", ServiceId },
            { "GrainId", entry.GrainId.ToString() },
            { "ReminderName", entry.ReminderName },
            { "Etag", etag },
            { "Period", entry.Period.ToString("c", CultureInfo.InvariantCulture) },
            { "GrainHash", hash },
            { "IsDeleted", false },
            { "StartAt", DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc) },
        };

        // Two that insert the same at once can meet on the key; the loser's second try finds a document to replace.
        for (var tries = 1; ; tries++)
        {
            try
            {
                await RunAsync(limit => Collection.ReplaceOneAsync(
                    ById(entry.GrainId, entry.ReminderName), document, new ReplaceOptions { IsUpsert = true }, limit));
                return etag;
            }
            catch (MongoException failure) when (tries < UpsertTriesMax && MongoDbFailures.IsDuplicateKey(failure))
            {
                MongoDbMetrics.Storage.Conflicted(Kind);
            }
        }
    }

    /// <summary>
    /// Removes the reminder if this is still its ETag. After an unknown outcome the service reads the table again.
    /// </summary>
    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        (await RunAsync(limit => Collection.DeleteOneAsync(
            ById(grainId, reminderName).Add("Etag", eTag), limit))).DeletedCount > 0;

    public Task TestOnlyClearTable() =>
        RunAsync(limit => Collection.DeleteManyAsync(new BsonDocument("ServiceId", ServiceId), limit));

    private string IdOf(GrainId grainId, string reminderName) => $"{ServiceId}_{grainId}_{reminderName}";

    /// <summary>One reminder; the shard key stands beside its id.</summary>
    private BsonDocument ById(GrainId grainId, string reminderName) => new()
    {
        { "_id", IdOf(grainId, reminderName) },
        { "ServiceId", ServiceId },
        { "GrainHash", (long)grainId.GetUniformHashCode() },
    };

    private BsonDocument With() => new() { { "IsDeleted", false }, { "ServiceId", ServiceId } };

    private BsonDocument With(string field, BsonValue value) => With().Add(field, value);

    private Task<List<ReminderEntry>> ReadAsync(BsonDocument filter) => RunAsync(async limit =>
    {
        var entries = new List<ReminderEntry>();
        using var rows = await Collection.FindAsync(filter, cancellationToken: limit);
        while (await rows.MoveNextAsync(limit))
            entries.AddRange(rows.Current.Select(EntryOf));
        return entries;
    });

    private static ReminderEntry EntryOf(BsonDocument row) => new()
    {
        GrainId = GrainId.Parse(row["GrainId"].AsString),
        ReminderName = row["ReminderName"].AsString,
        StartAt = row["StartAt"].ToUniversalTime(),
        Period = TimeSpan.ParseExact(row["Period"].AsString, "c", CultureInfo.InvariantCulture),
        ETag = row["Etag"].AsString,
    };

    private async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> operation)
    {
        try
        {
            return await database.RunAsync(Kind, operation, CancellationToken.None);
        }
        catch (MongoDbUnavailableException failure)
        {
            throw new IndiiException(
                ErrorCode.StorageUnavailable, "Storage does not answer or has no room. Try again later.", failure);
        }
    }
}
