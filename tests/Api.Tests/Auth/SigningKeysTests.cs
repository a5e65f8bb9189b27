using System.Security.Cryptography;
using IndiiMusic.Api.Auth;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Interfaces;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace IndiiMusic.Api.Tests.Auth;

/// <summary>Keys, tokens, and what a gateway remembers of them, without a server.</summary>
public sealed class SigningKeysTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 15, 0, TimeSpan.Zero));
    private readonly KeysInMemory _store = new();

    [Fact]
    public async Task The_first_start_makes_a_key_and_the_next_one_takes_it()
    {
        var first = await Start();
        var second = await Start();

        Assert.Single(_store.Keys);
        Assert.Equal(first.Newest.KeyId, second.Newest.KeyId);
    }

    [Fact]
    public async Task The_newest_key_signs_and_every_key_verifies()
    {
        var oldToken = Tokens(await Start()).Issue(Guid.CreateVersion7(), Guid.CreateVersion7(), Scopes.Ordinary);
        _time.Advance(TimeSpan.FromMinutes(1));
        _store.Keys.Insert(0, NewKey(_time.GetUtcNow()));

        var tokens = Tokens(await Start());
        var newToken = tokens.Issue(Guid.CreateVersion7(), Guid.CreateVersion7(), Scopes.Ordinary);

        Assert.NotEqual(new JsonWebToken(oldToken).Kid, new JsonWebToken(newToken).Kid);
        Assert.NotNull(await tokens.Verify(oldToken));
        Assert.NotNull(await tokens.Verify(newToken));
        _store.Keys.RemoveAt(1);
        Assert.Null(await Tokens(await Start()).Verify(oldToken));
    }

    [Fact]
    public async Task A_token_is_good_until_half_a_minute_past_its_expiry()
    {
        var tokens = Tokens(await Start());
        var (userId, sessionId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var token = tokens.Issue(userId, sessionId, Scopes.Ordinary);

        _time.Advance(TimeSpan.FromSeconds(629));
        var principal = await tokens.Verify(token);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(principal);
        Assert.Equal(new Actor(userId), principal.GetActor());
        principal.Renew(Roles.Ordinary, askedAt: 0);
        Assert.Equal(Actor.User(userId), principal.GetActor());
        Assert.Equal(sessionId, principal.SessionId);
        Assert.Equal(_time.GetUtcNow(), principal.ExpiresAt);
        Assert.Null(await tokens.Verify(token));
    }

    [Fact]
    public async Task A_book_is_not_parsed() => Assert.Null(await Tokens(await Start()).Verify(new string('a', 5_000)));

    [Fact]
    public void Verified_tokens_are_forgotten_by_age_and_when_they_are_too_many()
    {
        var cache = new AccessTokenCache(Options.Create(new AccessTokenOptions { CachedMax = 100 }), _time);
        var principal = new ActorPrincipal(
            Actor.User(Guid.CreateVersion7()), Guid.CreateVersion7(), _time.GetUtcNow().AddMinutes(10));
        cache.Add(AccessTokenCache.Hash("used often"), principal);
        cache.Add(AccessTokenCache.Hash("used once"), principal);
        for (var i = 0; i < 200; i++)
        {
            cache.Add(AccessTokenCache.Hash($"token {i}"), principal);
            Assert.Same(principal, cache.Find(AccessTokenCache.Hash("used often")));
        }

        Assert.Null(cache.Find(AccessTokenCache.Hash("used once")));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(cache.Find(AccessTokenCache.Hash("used often")));
    }

    [Fact]
    public void An_ended_session_is_refused_until_its_last_token_has_expired()
    {
        var ended = new SessionDenylist(_time, Options.Create(new AccessTokenOptions()));
        var (first, second, third) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        ended.Add(first);
        _time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(30));

        ended.Add(second);
        Assert.True(ended.Contains(first));
        _time.Advance(TimeSpan.FromSeconds(30));
        ended.Add(third);

        Assert.False(ended.Contains(first));
        Assert.True(ended.Contains(second));
    }

    private async Task<SigningKeys> Start()
    {
        var keys = new SigningKeys(_store, _time, NullLogger<SigningKeys>.Instance);
        await keys.StartingAsync(CancellationToken.None);
        return keys;
    }

    private AccessTokens Tokens(SigningKeys keys) => new(keys, _time, Options.Create(new AccessTokenOptions()));

    private static StoredSigningKey NewKey(DateTimeOffset createdAt)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new StoredSigningKey(createdAt, ecdsa.ExportParameters(includePrivateParameters: true));
    }

    private sealed class KeysInMemory : ISigningKeyStore
    {
        public List<StoredSigningKey> Keys { get; } = [];

        public Task<IReadOnlyList<StoredSigningKey>> ReadAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<StoredSigningKey>>([.. Keys]);

        public Task AddAsync(StoredSigningKey key, CancellationToken cancellationToken)
        {
            Keys.Add(key);
            return Task.CompletedTask;
        }
    }
}
