using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using IndiiMusic.Grains.Idempotency;
using IndiiMusic.Grains.Interfaces.Idempotency;
using IndiiMusic.Grains.Tests.Hosting;

namespace IndiiMusic.Grains.Tests.Idempotency;

public sealed class IdempotencyStateTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    [Fact]
    public void An_answer_is_found_for_a_day()
    {
        var state = new IdempotencyState().With(Request("a", Time, bytes: 1));

        Assert.NotNull(state.Find("a", Time + IdempotencyLimits.KeptFor - TimeSpan.FromTicks(1)));
        Assert.Null(state.Find("a", Time + IdempotencyLimits.KeptFor));
        Assert.Null(state.Find("b", Time));
    }

    [Fact]
    public void Whatever_comes_it_stays_small_and_keeps_the_newest()
    {
        var gen = Gen.Select(Gen.Int[0, 400], Gen.Int[0, IdempotencyLimits.BodyBytesMax], Gen.Int[0, 3600]);
        gen.Array[1, 400].Sample(
            requests =>
            {
                var state = new IdempotencyState();
                var now = Time;
                foreach (var (name, bytes, pauseSeconds) in requests)
                {
                    now += TimeSpan.FromSeconds(pauseSeconds);
                    state = state.With(Request($"{name}", now, bytes));

                    Assert.Equal(now, state.Find($"{name}", now)!.AnsweredAt);
                    Assert.InRange(state.Requests.Length, 1, IdempotencyLimits.AnswersPerShareMax);
                    Assert.InRange(
                        state.Requests.Sum(request => request.Answer.Body.Length), 0, IdempotencyLimits.BytesPerShareMax);
                    Assert.All(state.Requests, request =>
                        Assert.True(now - request.AnsweredAt < IdempotencyLimits.KeptFor));
                    Assert.Equal(state.Requests.Length, state.Requests.DistinctBy(request => request.Key).Count());
                }
            },
            iter: 50);
    }

    [Fact]
    public void The_document_is_written_and_read_as_it_always_was()
    {
        var headers = ImmutableDictionary<string, string>.Empty.Add("Location", "/api/v1/playlists/1");
        var state = new IdempotencyState
        {
            Requests = [new RememberedRequest("0a1b", "2c3d", Time, new KeptAnswer(201, headers, "{}"u8.ToArray()))],
        };
        var golden = File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "Idempotency", "Golden", "idempotency.1.json"));

        var written = JsonSerializer.SerializeToNode(state, TestGrainStorage.Json);
        var read = JsonSerializer.Deserialize<IdempotencyState>(golden, TestGrainStorage.Json)!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(golden), written), $"It is now {written}");
        var request = Assert.Single(read.Requests);
        Assert.Equal(("0a1b", "2c3d", Time, 201), (request.Key, request.Fingerprint, request.AnsweredAt, request.Answer.Status));
        Assert.Equal(headers, request.Answer.Headers);
        Assert.Equal("{}"u8.ToArray(), request.Answer.Body.ToArray());
    }

    private static RememberedRequest Request(string key, DateTimeOffset at, int bytes) =>
        new(key, "f", at, new KeptAnswer(200, ImmutableDictionary<string, string>.Empty, new byte[bytes]));
}
