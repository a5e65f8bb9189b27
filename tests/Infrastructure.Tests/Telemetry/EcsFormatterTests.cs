using System.Text;
using System.Text.Json;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Infrastructure.Telemetry;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Tests.Telemetry;

/// <summary>One entry is one line of JSON with known fields, whatever is in it.</summary>
public sealed class EcsFormatterTests
{
    [Fact]
    public void An_entry_says_what_when_and_who_wrote_it()
    {
        using var log = new LogWriter();
        var playlist = Guid.NewGuid();

        log.Logger().LogWarning(
            new EventId(7, "Met"), "Playlist {PlaylistId} met {Count} of {Kind}", playlist, 3, "them");

        var entry = log.Entry;
        Assert.EndsWith("Z", entry.GetProperty("@timestamp").GetString(), StringComparison.Ordinal);
        Assert.Equal("warn", entry.GetProperty("log.level").GetString());
        Assert.Equal("IndiiMusic.Tests", entry.GetProperty("log.logger").GetString());
        Assert.Equal($"Playlist {playlist} met 3 of them", entry.GetProperty("message").GetString());
        Assert.Equal("Met", entry.GetProperty("event.code").GetString());
        Assert.Equal("indii-test", entry.GetProperty("service.name").GetString());
        Assert.Equal("node-1", entry.GetProperty("service.node.name").GetString());
        Assert.Equal(playlist.ToString(), entry.GetProperty("indiimusic.playlist.id").GetString());
        Assert.Equal("3", entry.GetProperty("labels.count").GetString());
        Assert.Equal("them", entry.GetProperty("labels.kind").GetString());
    }

    [Theory]
    [InlineData("line\nfeed\r\nand return")]
    [InlineData("separators \u2028 \u2029 \u0085 \u000b \u0000")]
    [InlineData("\"quoted\" \\ and }{")]
    public void No_value_breaks_a_line(string value)
    {
        using var log = new LogWriter();

        log.Logger().LogInformation(new InvalidOperationException(value), "It said {Reason}", value);

        Assert.Equal(value, log.Entry.GetProperty("error.message").GetString());
        Assert.Equal(value, log.Entry.GetProperty("labels.reason").GetString());
        Assert.DoesNotContain('\u2028', log.Text);
        Assert.DoesNotContain('\u0085', log.Text);
    }

    [Fact]
    public void Half_a_character_is_replaced()
    {
        using var log = new LogWriter();

        log.Logger().LogInformation("It said {Reason}", "a \ud800 b \udc00");

        Assert.Equal("a \ufffd b \ufffd", log.Entry.GetProperty("labels.reason").GetString());
    }

    [Fact]
    public void A_huge_value_is_cut()
    {
        using var log = new LogWriter();
        var huge = new string('x', 1_000_000);

        log.Logger().LogError(new InvalidOperationException(huge), "It said {Reason}", huge);

        Assert.Equal(EcsFormatter.ValueCharactersMax, log.Entry.GetProperty("labels.reason").GetString()!.Length);
        Assert.Equal(EcsFormatter.MessageCharactersMax, log.Entry.GetProperty("message").GetString()!.Length);
        Assert.EndsWith(" [...]", log.Entry.GetProperty("error.stack_trace").GetString(), StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(log.Text), 1, 64 * 1024);
    }

    [Fact]
    public void A_field_keeps_its_type_or_is_left_out()
    {
        using var log = new LogWriter();

        log.Logger().LogInformation("Version {Version} and status {Status}", "not a number", 404);

        Assert.False(log.Entry.TryGetProperty("indiimusic.playlist.version", out _));
        Assert.Equal(404, log.Entry.GetProperty("http.response.status_code").GetInt32());
    }

    [Fact]
    public void Others_properties_stay_in_their_messages()
    {
        using var log = new LogWriter();

        log.Logger("Orleans.Runtime.Silo").LogInformation("Silo {Status} is {State}", "here", "up");

        Assert.Equal("Silo here is up", log.Entry.GetProperty("message").GetString());
        Assert.All(
            log.Entry.EnumerateObject(), field => Assert.True(EcsFields.All.ContainsKey(field.Name), field.Name));
        Assert.False(log.Entry.TryGetProperty("http.response.status_code", out _));
    }

    [Fact]
    public void An_entry_belongs_to_its_request()
    {
        using var log = new LogWriter();
        var id = RequestTrace.Begin("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        log.Logger().LogInformation("Done");

        Assert.Equal("0af7651916cd43dd8448eb211c80319c", id);
        Assert.Equal(id, log.Entry.GetProperty("trace.id").GetString());
        Assert.False(log.Entry.TryGetProperty("span.id", out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c")]
    [InlineData("rubbish")]
    public void A_request_without_a_trace_gets_one(string? sent)
    {
        var id = RequestTrace.Begin(sent);

        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.NotEqual(id, RequestTrace.Begin(sent));
    }

    [Fact]
    public void An_audit_entry_is_in_the_schemas_words()
    {
        using var log = new LogWriter();
        var (actor, target, session) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

        new AuditLog(log.Factory).Write(AuditAction.PlaylistRoleChanged, AuditOutcome.Success, actor, new AuditDetails
        {
            TargetUserId = target,
            SessionId = session,
            PlaylistId = Guid.Empty,
            Role = "editor",
            InviteId = 3,
        });

        var entry = log.Entry;
        Assert.Equal("indii-test.audit", entry.GetProperty("event.dataset").GetString());
        Assert.Equal("playlist-role-changed", entry.GetProperty("event.action").GetString());
        Assert.Equal("iam", Assert.Single(entry.GetProperty("event.category").EnumerateArray()).GetString());
        Assert.Equal("change", Assert.Single(entry.GetProperty("event.type").EnumerateArray()).GetString());
        Assert.Equal("success", entry.GetProperty("event.outcome").GetString());
        Assert.Equal(log.Pseudonyms.Of(actor), entry.GetProperty("user.hash").GetString());
        Assert.Equal(log.Pseudonyms.Of(target), entry.GetProperty("user.target.hash").GetString());
        Assert.Equal(log.Pseudonyms.Of(session), entry.GetProperty("indiimusic.session.hash").GetString());
        Assert.Equal(3, entry.GetProperty("indiimusic.invite.id").GetInt32());
        Assert.DoesNotContain(actor.ToString(), log.Text, StringComparison.Ordinal);
    }
}
