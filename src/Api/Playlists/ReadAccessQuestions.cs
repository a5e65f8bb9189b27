using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Playlists;

/// <summary>
/// Asks playlists who may read them. One that is active in this process answers at once. Any other is asked at most
/// one question at a time: who comes while one is under way waits for it and then goes into the next, together with all
/// others who came. So each answer is from after its request came in, as with a question of its own, and many readers
/// of one playlist cost it few calls.
/// </summary>
public sealed class ReadAccessQuestions(PlaylistGrains playlists, ILocalPlaylists? local = null)
{
    private const int StripeCount = 64;

    // By playlist, the question that comes after the one under way; null until somebody is waiting.
    private readonly Dictionary<Guid, Question?>[] _stripes =
        [.. Enumerable.Range(0, StripeCount).Select(_ => new Dictionary<Guid, Question?>())];

    /// <summary>The playlist's versions, for a viewer who may read it.</summary>
    /// <exception cref="IndiiException"><c>not_found</c> for any other, as from the playlist itself.</exception>
    public ValueTask<PlaylistVersions> AskAsync(Guid playlistId, Actor viewer) =>
        local?.FindVersions(playlistId, viewer) is { } versions
            ? new ValueTask<PlaylistVersions>(versions)
            : new ValueTask<PlaylistVersions>(AskGrainAsync(playlistId, viewer));

    private Task<PlaylistVersions> AskGrainAsync(Guid playlistId, Actor viewer)
    {
        var stripe = StripeOf(playlistId);
        Question question;
        int place;
        lock (stripe)
        {
            if (stripe.TryAdd(playlistId, null))
                return AskAloneAsync(playlistId, viewer);

            question = stripe[playlistId] ??= new Question();
            place = question.Add(viewer);
        }

        return place < ReadAccess.ActorsMax
            ? question.AnswerAsync(place)
            : playlists.Of(playlistId).GetVersions(viewer);
    }

    private async Task<PlaylistVersions> AskAloneAsync(Guid playlistId, Actor viewer)
    {
        try
        {
            return await playlists.Of(playlistId).GetVersions(viewer);
        }
        finally
        {
            AskNext(playlistId);
        }
    }

    private void AskNext(Guid playlistId)
    {
        var stripe = StripeOf(playlistId);
        Question? next;
        lock (stripe)
        {
            next = stripe[playlistId];
            if (next is null)
                stripe.Remove(playlistId);
            else
                stripe[playlistId] = null;
        }

        if (next is not null)
            _ = AskTogetherAsync(playlistId, next);
    }

    /// <summary>Never fails itself: a failure is the answer to all who wait.</summary>
    private async Task AskTogetherAsync(Guid playlistId, Question question)
    {
        try
        {
            question.Answer(await playlists.Of(playlistId).GetReadAccess(question.Viewers()));
        }
        catch (Exception failure)
        {
            question.Fail(failure);
        }
        finally
        {
            AskNext(playlistId);
        }
    }

    private Dictionary<Guid, Question?> StripeOf(Guid playlistId) =>
        _stripes[(uint)playlistId.GetHashCode() % StripeCount];

    private sealed class Question
    {
        private readonly ImmutableArray<Actor>.Builder _viewers = ImmutableArray.CreateBuilder<Actor>();
        private readonly TaskCompletionSource<ReadAccess> _answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The viewer's place among the viewers; over the limit, it was not added.</summary>
        public int Add(Actor viewer)
        {
            // Requests with the same token carry the same actor.
            if (_viewers.Count > 0 && ReferenceEquals(_viewers[^1], viewer))
                return _viewers.Count - 1;
            if (_viewers.Count < ReadAccess.ActorsMax)
                _viewers.Add(viewer);
            else
                return ReadAccess.ActorsMax;

            return _viewers.Count - 1;
        }

        public ImmutableArray<Actor> Viewers() => _viewers.ToImmutable();

        public void Answer(ReadAccess access) => _answer.SetResult(access);

        public void Fail(Exception failure) => _answer.SetException(failure);

        public async Task<PlaylistVersions> AnswerAsync(int place)
        {
            var access = await _answer.Task;
            return access.MayRead[place] ? access.Versions : throw IndiiException.NotFound("playlist");
        }
    }
}
