using System.Globalization;
using IndiiMusic.Grains.Interfaces;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IndiiMusic.Api.Auth;

/// <summary>Makes and verifies access tokens: JWTs signed with ES256 (RFC 7519, RFC 9068).</summary>
internal sealed class AccessTokens
{
    private const string TokenType = "at+jwt";
    private const string ScopeClaim = "scope";

    /// <summary>A token of ours has about 600 characters; nobody may make us parse a book.</summary>
    private const int TokenLengthMax = 4_096;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly SigningKeys _keys;
    private readonly TimeProvider _time;
    private readonly AccessTokenOptions _options;

    public AccessTokens(SigningKeys keys, TimeProvider time, IOptions<AccessTokenOptions> options)
    {
        _keys = keys;
        _time = time;
        _options = options.Value;
    }

    /// <summary>How long a new token is good.</summary>
    public TimeSpan Lifetime => TimeSpan.FromSeconds(_options.LifetimeSeconds);

    /// <summary>A token that lets its bearer act for the user, as far as the scopes go.</summary>
    public string Issue(Guid userId, Guid sessionId, Scopes scopes)
    {
        var now = _time.GetUtcNow();
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TokenType,
            Issuer = _options.Issuer,
            Audience = _options.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [JwtRegisteredClaimNames.Sub] = userId.ToString(),
                [JwtRegisteredClaimNames.Sid] = sessionId.ToString(),
                [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7(now).ToString(),
                [ScopeClaim] = Rights.Format(scopes),
            },
            SigningCredentials = new SigningCredentials(_keys.Newest, SecurityAlgorithms.EcdsaSha256),
        });
    }

    /// <summary>Whose token it is; null unless it is one of ours, whole and not expired.</summary>
    public async Task<ActorPrincipal?> Verify(string token)
    {
        if (token.Length > TokenLengthMax)
            return null;

        var result = await _handler.ValidateTokenAsync(token, Parameters());
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException
            && await _keys.RefreshAsync(CancellationToken.None))
        {
            result = await _handler.ValidateTokenAsync(token, Parameters());
        }

        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt)
            return null;

        var isWhole = Guid.TryParse(jwt.Subject, CultureInfo.InvariantCulture, out var userId)
            & Guid.TryParse(Claim(jwt, JwtRegisteredClaimNames.Sid), CultureInfo.InvariantCulture, out var sessionId);
        if (!isWhole)
            return null;

        // What the user may do at all is asked when the session is: see Standings.
        return new ActorPrincipal(
            new Actor(userId),
            sessionId,
            new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero) + ClockSkew,
            Rights.ParseScopes(Claim(jwt, ScopeClaim), out _));
    }

    private static string? Claim(JsonWebToken token, string name) =>
        token.TryGetValue<string>(name, out var value) ? value : null;

    private TokenValidationParameters Parameters() => new()
    {
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        ValidTypes = [TokenType],
        ValidIssuer = _options.Issuer,
        ValidAudience = _options.Audience,
        IssuerSigningKeys = _keys.All,
        TryAllIssuerSigningKeys = false,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        LifetimeValidator = (notBefore, expires, _, _) =>
        {
            var now = _time.GetUtcNow().UtcDateTime;
            var hasBegun = notBefore is null || notBefore <= now + ClockSkew;
            return hasBegun && expires is not null && now < expires + ClockSkew;
        },
    };
}
