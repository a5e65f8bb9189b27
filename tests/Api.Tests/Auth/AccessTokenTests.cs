using System.Net;
using System.Security.Cryptography;
using System.Text;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.Auth;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IndiiMusic.Api.Tests.Auth;

/// <summary>Tokens that differ from a good one in one respect, made with the server's key where that helps.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class AccessTokenTests(StandaloneServer server)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    [Fact]
    public async Task A_token_that_verifies_by_the_published_keys_names_user_and_session()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = server.CreateClient();
        var keys = new JsonWebKeySet(await client.GetStringAsync("/.well-known/jwks.json"));

        var result = await _handler.ValidateTokenAsync(user.AccessToken, new TokenValidationParameters
        {
            ValidIssuer = "indiimusic",
            ValidAudience = "indiimusic",
            IssuerSigningKeys = keys.GetSigningKeys(),
        });

        Assert.True(result.IsValid, result.Exception?.Message);
        var token = (JsonWebToken)result.SecurityToken;
        Assert.Equal("ES256", token.Alg);
        Assert.Equal(Assert.Single(keys.Keys).Kid, token.Kid);
        Assert.Equal(user.Id.ToString(), token.Subject);
        Assert.Equal(TimeSpan.FromMinutes(10), token.ValidTo - token.IssuedAt);
        Assert.All(["sid", "jti", "scope"], claim => Assert.True(token.TryGetPayloadValue<string>(claim, out _)));
        Assert.DoesNotContain(keys.Keys, key => key.HasPrivateKey);
    }

    [Fact]
    public async Task A_copy_of_a_good_token_made_with_the_servers_key_is_good()
    {
        // Shows that the refusals of the other tests come from the one respect in which their tokens differ.
        Assert.Equal(HttpStatusCode.OK, await StatusOf(await Forge(_ => { })));
    }

    [Fact]
    public async Task A_token_that_expired_is_refused()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(await Forge(token =>
            token.Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-31))));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(await Forge(token =>
            token.Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-10))));
    }

    [Fact]
    public async Task A_token_that_never_expires_is_refused() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(await Forge(token => token.Expires = null)));

    [Fact]
    public async Task A_token_of_another_issuer_audience_or_type_is_refused()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(await Forge(token => token.Issuer = "else")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(await Forge(token => token.Audience = "else")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(await Forge(token => token.TokenType = "JWT")));
    }

    [Fact]
    public async Task A_token_of_a_session_that_never_was_is_refused() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(await Forge(token =>
            token.Claims["sid"] = Guid.CreateVersion7().ToString())));

    [Fact]
    public async Task A_token_of_anothers_session_is_refused() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(await Forge(token =>
            token.Claims["sub"] = Guid.CreateVersion7().ToString())));

    [Fact]
    public async Task A_token_of_an_unknown_key_is_refused_whatever_its_kid()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var keyId in new[] { (await ServerKey()).KeyId, "unknown", null })
        {
            var token = await Forge(descriptor => descriptor.SigningCredentials = new SigningCredentials(
                new ECDsaSecurityKey(ecdsa) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(token));
        }
    }

    [Fact]
    public async Task A_token_of_the_right_key_that_names_a_wrong_one_is_refused()
    {
        var key = await ServerKey();
        key.KeyId = "unknown";

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(await Forge(token =>
            token.SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256))));
    }

    [Fact]
    public async Task A_token_without_a_signature_is_refused()
    {
        var user = await TestUser.CreateAsync(server);
        var parts = user.AccessToken.Split('.');
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf($"{header}.{parts[1]}."));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf($"{parts[0]}.{parts[1]}."));
    }

    [Fact]
    public async Task A_token_signed_with_the_public_key_as_a_password_is_refused()
    {
        var key = await ServerKey();
        var secret = Encoding.UTF8.GetBytes(key.ECDsa.ExportSubjectPublicKeyInfoPem());

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(await Forge(token =>
            token.SigningCredentials = new SigningCredentials(
                new SymmetricSecurityKey(secret) { KeyId = key.KeyId }, SecurityAlgorithms.HmacSha256))));
    }

    [Fact]
    public async Task A_token_that_was_tampered_with_is_refused_wherever_it_was()
    {
        var user = await TestUser.CreateAsync(server);
        Assert.Equal(HttpStatusCode.OK, await StatusOf(user.AccessToken));
        foreach (var at in new[] { 5, user.AccessToken.IndexOf('.') + 20, user.AccessToken.Length - 20 })
        {
            var tampered = user.AccessToken.ToCharArray();
            tampered[at] = tampered[at] == 'A' ? 'B' : 'A';
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(new string(tampered)));
        }
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer {}")]
    public async Task What_is_no_token_is_refused(string authorization)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        var answer = await client.Get("/me");

        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), (answer.Status, answer.Body.Code()));
    }

    [Fact]
    public async Task A_token_in_the_query_is_for_hubs_only()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = server.CreateClient();

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.Get($"/me?access_token={user.AccessToken}")).Status);
    }

    /// <summary>A good token of a real session, but for what <paramref name="change"/> does to it.</summary>
    private async Task<string> Forge(Action<SecurityTokenDescriptor> change)
    {
        var user = await TestUser.CreateAsync(server);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var good = new JsonWebToken(user.AccessToken);
        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = good.Typ,
            Issuer = good.Issuer,
            Audience = good.Audiences.Single(),
            IssuedAt = now.AddHours(-1),
            NotBefore = now.AddHours(-1),
            Expires = now.AddMinutes(10),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = good.Subject,
                ["sid"] = good.GetPayloadValue<string>("sid"),
                ["jti"] = Guid.CreateVersion7().ToString(),
                ["scope"] = good.GetPayloadValue<string>("scope"),
            },
            SigningCredentials = new SigningCredentials(await ServerKey(), SecurityAlgorithms.EcdsaSha256),
        };
        change(descriptor);
        return _handler.CreateToken(descriptor);
    }

    private async Task<ECDsaSecurityKey> ServerKey()
    {
        var stored = await server.Services.GetRequiredService<ISigningKeyStore>().ReadAsync(CancellationToken.None);
        using var client = server.CreateClient();
        var published = new JsonWebKeySet(await client.GetStringAsync("/.well-known/jwks.json"));
        return new ECDsaSecurityKey(ECDsa.Create(Assert.Single(stored).Parameters))
        {
            KeyId = Assert.Single(published.Keys).Kid,
        };
    }

    private async Task<HttpStatusCode> StatusOf(string accessToken)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", accessToken);
        return (await client.Get("/me")).Status;
    }
}
