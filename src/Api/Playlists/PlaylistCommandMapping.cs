using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Playlists;

/// <summary>
/// Makes commands of requests, for REST and the hub alike. What no grain needs to see to refuse it, such as a missing
/// member, is refused here with <c>invalid_request</c> and the path of each field.
/// </summary>
public static class PlaylistCommandMapping
{
    /// <summary>The command that a request asks for.</summary>
    /// <param name="request">The request; null when there was none.</param>
    /// <param name="ifContentVersion">What If-Match says, where there is such a header.</param>
    public static PlaylistCommand ToCommand(this OperationsRequest? request, long? ifContentVersion = null)
    {
        var check = default(RequestCheck);
        check.Require(!string.IsNullOrEmpty(request?.OperationId), "operationId");
        check.Require(request?.Ops is { Count: > 0 }, "ops");
        if (ifContentVersion is not null && request?.IfVersion is { } ifVersion && ifVersion != ifContentVersion)
            check.Wrong("ifVersion", "contradicts the If-Match header.");
        var requested = request?.Ops ?? [];

        var operations = ImmutableArray.CreateBuilder<PlaylistOperation>(requested.Count);
        for (var i = 0; i < requested.Count; i++)
        {
            if (ToOperation(requested[i], i, ref check) is { } operation)
                operations.Add(operation);
        }

        check.ThrowIfAny();
        return new PlaylistCommand(
            request!.OperationId!, operations.ToImmutable(), ifContentVersion ?? request.IfVersion);
    }

    /// <summary>The merge that a request asks for.</summary>
    public static ReplaceEntries ToCommand(this ReplaceEntriesRequest? request, long? ifContentVersion = null)
    {
        var check = default(RequestCheck);
        check.Require(!string.IsNullOrEmpty(request?.OperationId), "operationId");
        check.Require(request?.TrackIds is not null, "trackIds");
        check.Require(request?.BaseVersion is not null, "baseVersion");
        check.ThrowIfAny();
        return new ReplaceEntries(
            request!.OperationId!, [.. request.TrackIds!], request.BaseVersion!.Value, ifContentVersion);
    }

    private static PlaylistOperation? ToOperation(OperationRequest? request, int index, ref RequestCheck check)
    {
        var path = $"ops[{index}]";
        switch (request?.Kind)
        {
            case "append":
                CheckMembers(request, path, ref check, tracks: true);
                return new AppendTracks([.. request.TrackIds ?? []]);
            case "insert":
                CheckMembers(request, path, ref check, tracks: true, after: true);
                return new InsertTracks([.. request.TrackIds ?? []], request.After.GetValueOrDefault().EntryId);
            case "move":
                CheckMembers(request, path, ref check, entries: true, after: true);
                return new MoveEntries([.. request.EntryIds ?? []], request.After.GetValueOrDefault().EntryId);
            case "remove":
                CheckMembers(request, path, ref check, entries: true);
                return new RemoveEntries([.. request.EntryIds ?? []]);
            case "setDetails":
                CheckMembers(request, path, ref check, details: true);
                return new SetDetails(request.Name, request.Description, request.Visibility, request.Duplicates);
            case null:
                check.Require(false, $"{path}.kind");
                return null;
            default:
                check.Wrong($"{path}.kind", "may be append, insert, move, remove or setDetails.");
                return null;
        }
    }

    private static void CheckMembers(
        OperationRequest request,
        string path,
        ref RequestCheck check,
        bool tracks = false,
        bool entries = false,
        bool after = false,
        bool details = false)
    {
        var hasDetails = request.Name is not null || request.Description is not null
            || request.Visibility is not null || request.Duplicates is not null;
        Member(ref check, tracks, request.TrackIds is not null, $"{path}.trackIds", request.Kind!);
        Member(ref check, entries, request.EntryIds is not null, $"{path}.entryIds", request.Kind!);
        Member(ref check, after, request.After is not null, $"{path}.after", request.Kind!);
        if (details && !hasDetails)
            check.Wrong(path, "needs at least one of name, description, visibility and duplicates.");
        else if (!details && hasDetails)
            check.Wrong(
                path,
                $"has members that operations of kind {request.Kind} do not take: "
                + "name, description, visibility or duplicates.");
    }

    private static void Member(ref RequestCheck check, bool isTaken, bool isThere, string field, string kind)
    {
        if (isTaken)
            check.Require(isThere, field);
        else
            check.Refuse(isThere, field, kind);
    }
}
