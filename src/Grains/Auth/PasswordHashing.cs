using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Grains.Auth;

/// <summary>
/// Hashes and checks passwords with ASP.NET Core Identity's hasher, on threads of their own, a bounded number at a
/// time: each takes a processor for about a tenth of a second, which neither grains nor requests may wait behind.
/// </summary>
public sealed class PasswordHashing : IDisposable
{
    private static readonly object NoUser = new();

    private readonly PasswordHasher<object> _hasher;
    private readonly SemaphoreSlim _places;
    private readonly TimeSpan _waitMax;
    private readonly int _admittedMax;
    private int _admitted;
    private volatile string? _decoyHash;

    /// <param name="options">Cost and bounds.</param>
    public PasswordHashing(IOptions<PasswordHashingOptions> options)
    {
        var settings = options.Value;
        var places = settings.Concurrency > 0 ? settings.Concurrency : Environment.ProcessorCount;
        _hasher = new PasswordHasher<object>(Options.Create(
            new PasswordHasherOptions { IterationCount = settings.Iterations }));
        _places = new SemaphoreSlim(places);
        _waitMax = TimeSpan.FromSeconds(settings.WaitSecondsMax);
        _admittedMax = places + settings.WaitingMax;
    }

    /// <summary>A hash to keep.</summary>
    /// <exception cref="IndiiException"><c>rate_limited</c> when too many wait.</exception>
    public Task<string> Hash(string password, CancellationToken cancellationToken) =>
        Run(() => _hasher.HashPassword(NoUser, password), cancellationToken);

    /// <summary>
    /// Whether the password is the hash's, at the same cost where there is no hash: the time taken tells nobody which
    /// users exist.
    /// </summary>
    /// <exception cref="IndiiException"><c>rate_limited</c> when too many wait.</exception>
    public async Task<PasswordVerificationResult> Verify(
        string? hash, string password, CancellationToken cancellationToken)
    {
        if (hash is not null)
            return await Run(() => _hasher.VerifyHashedPassword(NoUser, hash, password), cancellationToken);

        var decoy = _decoyHash ??= await Hash("nobody's password", cancellationToken);
        await Run(() => _hasher.VerifyHashedPassword(NoUser, decoy, password), cancellationToken);
        return PasswordVerificationResult.Failed;
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _admitted) > _admittedMax
                || !await _places.WaitAsync(_waitMax, cancellationToken))
            {
                throw new IndiiException(
                    ErrorCode.RateLimited, "Too many people are logging in now. Try again in a little while.");
            }

            try
            {
                return await Task.Factory.StartNew(
                    work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _admitted);
        }
    }
}
