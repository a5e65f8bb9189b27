using IndiiMusic.Grains.Auditing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>
/// Follows the store of live settings: reads it before the program starts, then hears of every change, lets in what the
/// gate finds good, and says what came of it. While the store is away what holds stays; a start does not wait for it.
/// </summary>
internal sealed partial class LiveSettingsFollower(
    ILiveSettingsStore store,
    LiveSettingsGate gate,
    TimeProvider time,
    AuditLog audit,
    ILogger<LiveSettingsFollower> logger) : BackgroundService
{
    /// <summary>How long a start waits for the store.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // Keeps settings that change without end from becoming work without end.
    private static readonly TimeSpan PauseBetweenReads = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _loading = new(1);
    private LiveSettingsReading? _last;
    private LiveSettingsReading? _judged;
    private bool _isLoaded;
    private bool _isAway;
    private bool _hasTaken;
    private bool _isRefused;

    /// <summary>What is wrong with the store or with what it holds; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>How many times settings were taken over, and everybody who watches them has heard.</summary>
    public int Changes { get; private set; }

    /// <summary>Reads the store for the first time, before anything is made of settings.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_isLoaded)
                return;
            _isLoaded = true;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StartPatience);
            try
            {
                await ReadAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Away($"No answer in {StartPatience.TotalSeconds} s.");
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    private double Now => time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _loading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ReadAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(_isAway ? RetryDelay : PauseBetweenReads, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _last = await store.ReadAsync(_last, cancellationToken);
            Heard();
            if (!_last.HoldsTheSameAs(_judged))
            {
                _judged = _last;
                TakeOver(_last);
            }
        }
        catch (LiveSettingsAwayException away)
        {
            // The store may come back with another history.
            _last = null;
            Away(away.Message);
        }
    }

    private void TakeOver(LiveSettingsReading reading)
    {
        try
        {
            Judge(reading);
        }
        catch (Exception failure)
        {
            // A defect of ours, or of what watches settings. It must not end the following.
            LogFailed(store.Place, failure);
            Refuse([$"They cannot be taken over. {failure.Message}"]);
        }
    }

    private void Judge(LiveSettingsReading reading)
    {
        var verdict = reading.Problems.Count == 0 ? gate.Judge(reading.Values) : null;
        var problems = verdict?.Problems ?? reading.Problems;
        if (problems.Count > 0)
        {
            Refuse(problems);
            return;
        }

        Problem = null;
        gate.Admit(verdict!);
        Changes++;
        LiveSettingsMetrics.Changes.WithLabels("applied").Inc();
        LiveSettingsMetrics.AppliedAt.Set(Now);
        LiveSettingsMetrics.Refused.Set(0);
        _isRefused = false;
        LiveSettingsMetrics.Keys.Set(verdict!.Values.Count);
        if (_hasTaken)
            Tell(verdict.Changes);
        else
            TellFirst(verdict);
        _hasTaken = true;
    }

    private void Refuse(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
            LogRefused(store.Place, problem);
        var reason = string.Join(' ', problems);
        audit.Write(AuditAction.ConfigurationChanged, AuditOutcome.Failure, details: new() { Reason = reason });
        LiveSettingsMetrics.Changes.WithLabels("refused").Inc();
        LiveSettingsMetrics.Refused.Set(1);
        _isRefused = true;
        Problem = $"What {store.Place} holds is refused, and what held before goes on: {reason}";
    }

    private void TellFirst(LiveSettingsVerdict verdict)
    {
        LogTaken(verdict.Values.Count, store.Place);
        foreach (var key in verdict.PassedOver)
            LogPassedOver(key, store.Place);
        foreach (var change in verdict.Changes.Where(change => change.OverriddenBy is not null))
            LogOverridden(change.Key, change.OverriddenBy!);
    }

    private void Tell(IReadOnlyList<LiveSettingsChange> changes)
    {
        foreach (var change in changes)
        {
            var details = new AuditDetails { Setting = change.Key, Reason = $"{change.Before} became {change.After}." };
            audit.Write(AuditAction.ConfigurationChanged, AuditOutcome.Success, details: details);
            if (change.OverriddenBy is { } winner)
                LogOverridden(change.Key, winner);
            else if (!change.IsLive)
                LogAtNextStart(change.Key);
        }
    }

    private void Heard()
    {
        LiveSettingsMetrics.HeardAt.Set(Now);
        if (!_isAway)
            return;
        _isAway = false;
        Problem = null;
        LogBack(store.Place);

        // What was refused before is refused again, and said again.
        if (_isRefused)
            _judged = null;
    }

    private void Away(string why)
    {
        Problem = _hasTaken
            ? $"Live settings in {store.Place} are away, and those that held go on: {why}"
            : $"Live settings in {store.Place} have not been read yet: {why}";
        if (_isAway)
            return;
        _isAway = true;
        if (_hasTaken)
            LogAway(store.Place, why);
        else
            LogNotThere(store.Place, why);
    }
}
