using System.Text.RegularExpressions;
using IndiiMusic.Infrastructure.Tests.Conformance;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.Tests.MongoDb;

/// <summary>
/// States and reminders stand as Orleans.Providers.MongoDB writes and reads them, so that either can follow the other.
/// </summary>
public sealed partial class MongoDbLayoutTests(MongoDbFixture fixture) : IClassFixture<MongoDbFixture>
{
    [Fact]
    public async Task A_state_is_a_document_of_id_etag_and_doc()
    {
        var grain = GrainId.Create("sample", "layout");
        var state = new SampleGrainState
        {
            State = new SampleState
            {
                Name = "Ænima",
                Since = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                Colour = SampleColour.DarkRed,
                Counts = { ["a/b"] = 3, ["$x"] = 4 },
            },
        };
        await fixture.GrainStorage.WriteStateAsync("profile", grain, state);

        var document = await ReadAsync("Grainsprofile", "sample/layout");

        Assert.Equal(
            BsonDocument.Parse(
                $$"""
                {_id:"sample/layout",_etag:"{{state.ETag}}",_doc:{name:"Ænima",since:"2026-01-02T03:04:05+00:00",
                colour:"darkRed",counts:{"a/b":3,"__x":4} } }
                """),
            document);
    }

    [Fact]
    public async Task A_state_named_by_its_class_stands_under_the_last_part_of_the_name()
    {
        var grain = GrainId.Create("sample", "named-by-class");

        await fixture.GrainStorage.WriteStateAsync("Some.Namespace.Outer+SampleGrain", grain, new SampleGrainState());

        Assert.NotNull(await ReadAsync("GrainsSampleGrain", "sample/named-by-class"));
    }

    [Fact]
    public async Task A_state_that_the_package_wrote_is_read_and_written_on()
    {
        var grain = GrainId.Create("sample", "theirs");
        await fixture.Raw.GetCollection<BsonDocument>("Grainsprofile").InsertOneAsync(BsonDocument.Parse(
            """{_id:"sample/theirs",_etag:"8a3f",_doc:{"__id":"1","__type":"SampleState, Sample",name:"theirs"}}"""));
        var state = new SampleGrainState();

        await fixture.GrainStorage.ReadStateAsync("profile", grain, state);
        Assert.Equal(("theirs", "8a3f", true), (state.State.Name, state.ETag, state.RecordExists));
        await fixture.GrainStorage.WriteStateAsync("profile", grain, state);

        Assert.Equal(state.ETag, (await ReadAsync("Grainsprofile", "sample/theirs"))!["_etag"].AsString);
    }

    [Fact]
    public async Task A_reminder_is_a_document_with_the_packages_names_and_types()
    {
        var grain = GrainId.Create("sample", "reminded");
        var etag = await fixture.ReminderTable.UpsertRow(new ReminderEntry
        {
            GrainId = grain,
            ReminderName = "daily",
            StartAt = new DateTime(2026, 5, 6, 7, 8, 9, 123, DateTimeKind.Utc),
            Period = TimeSpan.FromHours(25),
        });

        Assert.Equal(
            new BsonDocument
            {
                { "_id", "indii_sample/reminded_daily" },
                { "ServiceId", "indii" },
                { "GrainId", "sample/reminded" },
                { "ReminderName", "daily" },
                { "Etag", etag },
                { "Period", "1.01:00:00" },
                { "GrainHash", (long)grain.GetUniformHashCode() },
                { "IsDeleted", false },
                { "StartAt", new DateTime(2026, 5, 6, 7, 8, 9, 123, DateTimeKind.Utc) },
            },
            await ReadAsync("OrleansReminderV2", "indii_sample/reminded_daily"));
    }

    [Fact]
    public async Task A_state_that_no_document_can_hold_is_refused_with_its_size()
    {
        var state = new SampleGrainState { State = new SampleState { Name = new string('x', 17 * 1024 * 1024) } };

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.GrainStorage.WriteStateAsync(
            "profile", GrainId.Create("sample", "huge"), state));

        Assert.Matches(Size(), failure.Message);
        Assert.Null(state.ETag);
    }

    private Task<BsonDocument?> ReadAsync(string collection, string id) =>
        fixture.Raw.GetCollection<BsonDocument?>(collection).Find(new BsonDocument("_id", id)).FirstOrDefaultAsync();

    [GeneratedRegex(@"1782\d{4} bytes", RegexOptions.None, 100)]
    private static partial Regex Size();
}
