using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.Tests.MongoDbServer;

/// <summary>Faults, refusals and limits, as the driver sees them.</summary>
public sealed class MongoDbTestServerFaultTests : MongoDbServerTest
{
    private static readonly BsonDocument Thing = new("_id", 1);

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_sent_again_and_done_once()
    {
        using var insert = Server.Faults.On("insert").To("things").Once().DropAfterWrite();
        using var update = Server.Faults.On("update").Once().DropAfterWrite();

        await Things.InsertOneAsync(Thing);
        var result = await Things.UpdateOneAsync("{ _id: 1 }", "{ $inc: { n: 1 } }");

        Assert.Equal(1, result.ModifiedCount);
        Assert.Equal(1, (await Things.Find("{}").SingleAsync())["n"]);
        Assert.Equal((1, 1, 2), (insert.Times, update.Times, Server.RetriesAnswered));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_caller_whose_retry_fails_too_does_not_know_whether_it_was_done(bool after, int found)
    {
        var faults = Server.Faults.On("insert").WithRetry();
        using var fault = after ? faults.DropAfterWrite() : faults.DropBeforeWrite();

        await Assert.ThrowsAnyAsync<MongoConnectionException>(() => Things.InsertOneAsync(Thing));

        Assert.Equal(2, fault.Times);
        Assert.Equal(found, await Things.CountDocumentsAsync("{}"));
    }

    [Fact]
    public async Task A_server_that_is_not_primary_is_asked_again()
    {
        using var fault = Server.Faults.OnWrites().Once().NotPrimary();
        await Things.InsertOneAsync(Thing);
        Assert.Equal(2, Server.Commands["insert"]);

        using var lasting = Server.Faults.OnWrites().NotPrimary();
        await Assert.ThrowsAsync<MongoNotPrimaryException>(() => Things.DeleteOneAsync("{ _id: 1 }"));
        Assert.Equal(2, lasting.Times);
        Assert.Equal(1, await Things.CountDocumentsAsync("{}"));
    }

    [Fact]
    public async Task A_write_concern_error_is_told_although_the_write_took_place()
    {
        using (Server.Faults.On("insert").Once().WriteConcernTimeout())
        {
            var failure = await Assert.ThrowsAsync<MongoWriteException>(() => Things.InsertOneAsync(Thing));
            Assert.Equal(64, failure.WriteConcernError.Code);
        }

        using (Server.Faults.On("delete").Once().WriteConcernShutdown())
            Assert.Equal(1, (await Things.DeleteOneAsync("{ _id: 1 }")).DeletedCount);
        Assert.Equal(1, Server.RetriesAnswered);
        Assert.Equal(0, await Things.CountDocumentsAsync("{}"));
    }

    [Fact]
    public async Task A_reply_waits_as_long_as_it_is_held()
    {
        var fault = Server.Faults.On("insert").Where(insert => insert["documents"][0]["_id"] == 1).HoldReply();
        var held = Things.InsertOneAsync(Thing);
        await fault.Struck;
        await Things.InsertOneAsync(new BsonDocument("_id", 2));

        Assert.Equal("1 2", await Ids("{}"));
        Assert.False(held.IsCompleted);
        fault.Dispose();
        await held;
    }

    [Fact]
    public async Task A_key_that_is_said_to_exist_is_a_duplicate_to_the_driver()
    {
        using var fault = Server.Faults.On("insert", "findAndModify").DuplicateKey();

        var insert = await Assert.ThrowsAsync<MongoWriteException>(() => Things.InsertOneAsync(Thing));
        var modify = await Assert.ThrowsAsync<MongoCommandException>(
            () => Things.FindOneAndUpdateAsync("{ _id: 1 }", "{ $set: { n: 1 } }"));

        Assert.Equal(ServerErrorCategory.DuplicateKey, insert.WriteError.Category);
        Assert.Equal(11000, modify.Code);
    }

    [Fact]
    public async Task What_was_stored_is_there_when_the_server_comes_back()
    {
        await Things.InsertOneAsync(Thing);
        await Server.StopAsync();
        await Assert.ThrowsAnyAsync<Exception>(
            () => Things.Find("{}").ToListAsync(new CancellationTokenSource(200).Token));

        Server.StartAgain();

        Assert.Equal("1", await Ids("{}"));
    }

    [Fact]
    public async Task What_is_not_known_is_refused_by_its_name()
    {
        await Things.InsertOneAsync(Thing);

        await Refused("mapReduce", new BsonDocument("mapReduce", "things"));
        await Refused("collation", BsonDocument.Parse("{ find: 'things', collation: { locale: 'en' } }"));
        await Refused("$where", BsonDocument.Parse("{ find: 'things', filter: { $where: 'true' } }"));
        await Refused("$near", BsonDocument.Parse("{ find: 'things', filter: { at: { $near: [0, 0] } } }"));
        await Refused("$lookup", BsonDocument.Parse(
            "{ aggregate: 'things', pipeline: [{ $lookup: {} }], cursor: {} }"));
        await Refused("$rename", BsonDocument.Parse(
            "{ findAndModify: 'things', query: {}, update: { $rename: { a: 'b' } } }"));
        await Refused("pipeline", BsonDocument.Parse("{ findAndModify: 'things', query: {}, update: [{ $set: {} }] }"));
        await Refused("partialFilterExpression", BsonDocument.Parse(
            "{ createIndexes: 'things', indexes: [{ name: 'p', key: { a: 1 }, partialFilterExpression: {} }] }"));
    }

    [Fact]
    public async Task An_index_is_made_once_and_never_turned_into_another()
    {
        await CreateIndex("{ a: 1 }", name: "by_a");
        await CreateIndex("{ a: 1 }", name: "by_a");
        await Refused(85, () => CreateIndex("{ a: 1 }", name: "other"));
        await Refused(86, () => CreateIndex("{ b: 1 }", name: "by_a"));
        await Refused(86, () => CreateIndex("{ a: 1 }", unique: true, name: "by_a"));
        await Things.InsertManyAsync(Parse("{ b: 1 }", "{ b: 1 }"));
        await Refused(11000, () => CreateIndex("{ b: 1 }", unique: true));

        var names = (await (await Things.Indexes.ListAsync()).ToListAsync()).Select(index => index["name"].AsString);
        Assert.Equal(["_id_", "by_a"], names);
    }

    [Fact]
    public async Task A_document_has_sixteen_megabytes_at_most()
    {
        // The driver itself sends nothing larger, but an update can make it so.
        var half = new BsonBinaryData(new byte[8 * 1024 * 1024]);
        await Things.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "filler", half } });

        var failure = await Assert.ThrowsAsync<MongoWriteException>(
            () => Things.UpdateOneAsync("{ _id: 1 }", new BsonDocument("$set", new BsonDocument("more", half))));

        Assert.Equal(10334, failure.WriteError.Code);
        Assert.Equal(2, (await Things.Find("{}").SingleAsync()).ElementCount);
    }

    [Theory]
    [InlineData(true, "1 2")]
    [InlineData(false, "1 2 3")]
    public async Task An_ordered_batch_stops_at_its_first_duplicate(bool ordered, string expected)
    {
        await Things.InsertOneAsync(Thing);

        var failure = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(() => Things.InsertManyAsync(
            Parse("{ _id: 2 }", "{ _id: 1 }", "{ _id: 3 }"), new InsertManyOptions { IsOrdered = ordered }));

        Assert.Equal(1, Assert.Single(failure.WriteErrors).Index);
        Assert.Equal(expected, await Ids("{}"));
    }

    private async Task Refused(string name, BsonDocument command)
    {
        var failure = await Assert.ThrowsAsync<MongoCommandException>(
            () => Database.RunCommandAsync<BsonDocument>(command));
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    private static async Task Refused(int code, Func<Task> command) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<MongoCommandException>(command)).Code);
}
