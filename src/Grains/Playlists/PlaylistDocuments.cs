using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>One durable record: the commands that one write carried, in order.</summary>
internal sealed record PlaylistBatchDocument(ImmutableArray<PlaylistCommandRecord> Commands)
{
    public const string CurrentType = "playlist-batch/1";

    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = CurrentType;
}

/// <summary>A command as it is kept: who asked, what happened, and what was answered.</summary>
/// <param name="Operation">The client's operation id; null for commands that carry none.</param>
/// <param name="By">Who asked.</param>
/// <param name="Client">The app that asked.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Events">What happened, at least one event.</param>
/// <param name="ContentVersion">The content version after it.</param>
/// <param name="DetailsVersion">The details version after it.</param>
/// <param name="Results">The answer to each operation; null for commands that carry no operation id.</param>
internal sealed record PlaylistCommandRecord(
    string? Operation,
    Guid? By,
    string? Client,
    DateTimeOffset At,
    ImmutableArray<PlaylistEvent> Events,
    long ContentVersion,
    long DetailsVersion,
    ImmutableArray<OperationResultDocument>? Results)
{
    [JsonIgnore]
    public EventContext Context => new(At, By);
}

/// <summary>The answer to one operation, as it is kept.</summary>
internal sealed record OperationResultDocument(
    OperationOutcome Outcome,
    ImmutableArray<int> Entries,
    ImmutableArray<int>? Unaffected,
    int? Suggestion,
    ImmutableArray<Guid>? Duplicates)
{
    public static OperationResultDocument From(OperationResult result) => new(
        result.Outcome,
        result.EntryIds,
        result.UnaffectedEntryIds.IsDefaultOrEmpty ? null : result.UnaffectedEntryIds,
        result.SuggestionId,
        result.DuplicateTrackIds.IsDefaultOrEmpty ? null : result.DuplicateTrackIds);

    public OperationResult ToResult() => new(Outcome, Entries, Unaffected ?? [], Suggestion, Duplicates ?? []);
}

/// <summary>A command of the log and the versions that it made.</summary>
internal sealed record CommittedCommand(long FirstVersion, PlaylistCommandRecord Record)
{
    public long LastVersion => FirstVersion + Record.Events.Length - 1;

    public PlaylistVersions Versions => new(LastVersion, Record.ContentVersion, Record.DetailsVersion);

    /// <summary>The answer that the command got.</summary>
    public CommandResult Answer => new(
        Versions, Record.Results is { } results ? [.. results.Select(static result => result.ToResult())] : []);

    /// <summary>The state after the command, on top of the state right before it.</summary>
    public PlaylistState ApplyTo(PlaylistState state) =>
        Record.Events.Aggregate(state, (current, happened) => current.Apply(happened, Record.Context));
}

/// <summary>Turns what a playlist keeps into JSON documents and back.</summary>
internal static class PlaylistDocuments
{
    private const string StreamPrefix = "playlist/";

    /// <summary>The key of a playlist's event stream.</summary>
    public static string StreamOf(Guid playlistId) => StreamPrefix + playlistId.ToString("D");

    /// <summary>The playlist that a stream belongs to; null for other streams.</summary>
    public static Guid? PlaylistOf(string stream) =>
        stream.StartsWith(StreamPrefix, StringComparison.Ordinal)
        && Guid.TryParseExact(stream.AsSpan(StreamPrefix.Length), "D", out var id)
            ? id
            : null;

    /// <summary>The body of a batch.</summary>
    public static byte[] WriteBatch(ImmutableArray<PlaylistCommandRecord> commands) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new PlaylistBatchDocument(commands), PlaylistJson.Default.PlaylistBatchDocument);

    /// <summary>The commands of a batch.</summary>
    public static IEnumerable<CommittedCommand> ReadBatch(EventBatch batch)
    {
        var document = JsonSerializer.Deserialize(batch.Body.Span, PlaylistJson.Default.PlaylistBatchDocument);
        if (document?.Type != PlaylistBatchDocument.CurrentType)
        {
            throw new JsonException(
                $"{batch.Stream} version {batch.FirstVersion} is a '{document?.Type}', not a batch.");
        }

        var version = batch.FirstVersion;
        foreach (var record in document.Commands)
        {
            yield return new CommittedCommand(version, record);
            version += record.Events.Length;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(PlaylistBatchDocument))]
[JsonSerializable(typeof(PlaylistHeadDocument))]
[JsonSerializable(typeof(PlaylistPlacesDocument))]
[JsonSerializable(typeof(PlaylistOperationsDocument))]
internal sealed partial class PlaylistJson : JsonSerializerContext;
