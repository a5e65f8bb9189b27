using System.Globalization;
using System.Security.Cryptography;
using IndiiMusic.Infrastructure.Telemetry;

namespace IndiiMusic.Infrastructure.Tests.Telemetry;

/// <summary>What others print has no secret and no person in it once it is written.</summary>
public sealed class LogRedactionTests
{
    private static readonly LogRedaction Redaction = new(new LogPseudonyms("a key of the operator's", "indiimusic"));

    [Theory]
    [InlineData("mongodb://app:hunter2canary@db:27017/?x=1")]
    [InlineData("amqp://guest:hunter2canary@broker")]
    [InlineData("Server=db;User Id=app;Password=hunter2canary;Pooling=true")]
    [InlineData("{\"password\":\"hunter2canary\",\"x\":1}")]
    [InlineData("RedisPassword: hunter2canary")]
    [InlineData("Authorization: Bearer hunter2canary")]
    [InlineData("Request starting HTTP/1.1 GET http://127.0.0.1:5080/api/v1/users?username=hunter2canary - -")]
    [InlineData("GET /hubs/playlists?access_token=hunter2canary")]
    [InlineData("no route for '/api/v1/invites/hunter2canary/accept'")]
    [InlineData("claim/username:hunter2canary is busy")]
    [InlineData("claim/email:hunter2canary@example.org is busy")]
    [InlineData("[idempotency/0197hunter2canary]")]
    [InlineData("<hunter2canary@example.org> is taken")]
    [InlineData("UserProfile { Username = hunter2canary, X = 1 }")]
    [InlineData("no token indii_pat_hunter2canary is known")]
    [InlineData("[indii_dev_hunter2canary]")]
    public void A_secret_is_taken_out(string text) =>
        Assert.DoesNotContain("hunter2canary", Redaction.Clean(text, isOwn: true), StringComparison.Ordinal);

    [Fact]
    public void Random_bytes_are_taken_out_however_they_are_written()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var refresh = System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64));
            var invite = System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(36));
            var hash = "AQAAAA" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(57));

            var text = Redaction.Clean($"Refresh({refresh}) then '{invite}', [{hash}]", isOwn: false);

            Assert.Equal("Refresh([token]) then '[token]', [[token]]", text);
        }
    }

    [Theory]
    [InlineData("user/{0:N}")]
    [InlineData("session/{0:N}")]
    [InlineData("personal-tokens/{0:N}")]
    [InlineData("two-factor/{0:N}")]
    [InlineData("Session {0} was started before.")]
    [InlineData("Actor {{ UserId = {0}, ClientId = }}")]
    [InlineData("/api/v1/users/{0}")]
    [InlineData("avatars/{0:N}/0a1b")]
    [InlineData("CreatedBy = {0}")]
    public void An_id_of_a_person_becomes_their_hash(string format)
    {
        var id = Guid.NewGuid();

        var text = Redaction.Clean(string.Format(CultureInfo.InvariantCulture, format, id), isOwn: true);

        Assert.Contains(Redaction.Pseudonyms.Of(id), text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{id:N}", text.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(text, Redaction.Clean(text, isOwn: true));
    }

    [Fact]
    public void An_id_that_others_print_stays_only_where_it_is_plainly_no_persons()
    {
        var id = Guid.NewGuid();

        Assert.Contains($"{id}", Redaction.Clean($"/playlists/{id}/entries", isOwn: false), StringComparison.Ordinal);
        Assert.Contains($"{id}", Redaction.Clean($"TrackId = {id}", isOwn: false), StringComparison.Ordinal);
        Assert.DoesNotContain($"{id}", Redaction.Clean($"log-in/0] {id} #3", isOwn: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Playlist 0197a1b2-0000-7000-8000-000000000001 from version 3 was not published; it will be")]
    [InlineData("RabbitMQ at 127.0.0.1:5672 is connected, for publishing")]
    [InlineData("Consul at http://127.0.0.1:8500/ answers, after 00:00:01.")]
    [InlineData("  at IndiiMusic.Auth.Invokable_ILogInGrain_GrainReference_5F2E9A4C_1.Invoke() in /src/x.cs:line 7")]
    [InlineData("audio/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 is there")]
    public void Other_text_stays_as_it_is(string text) => Assert.Equal(text, Redaction.Clean(text, isOwn: true));

    [Fact]
    public void The_same_key_gives_the_same_hash_and_another_key_another()
    {
        var id = Guid.NewGuid();

        Assert.Equal(new LogPseudonyms(null, "a").Of(id), new LogPseudonyms("", "a").Of(id));
        Assert.NotEqual(new LogPseudonyms(null, "a").Of(id), new LogPseudonyms(null, "b").Of(id));
        Assert.NotEqual(new LogPseudonyms("one key", "a").Of(id), new LogPseudonyms("two key", "a").Of(id));
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::")]
    public void An_address_is_shortened_to_its_network(string address, string network) =>
        Assert.Equal(network, ClientAddress.Shorten(System.Net.IPAddress.Parse(address)));
}
