using System.Globalization;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Features;
using IndiiMusic.Api.Playlists.Live;
using IndiiMusic.Api.RateLimits;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;

namespace IndiiMusic.Api.Tests.Playlists.Live;

/// <summary>The hub on a real socket over <see cref="FakeGrains"/>. A user's token is the user's id.</summary>
public sealed class LiveServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LiveServer(WebApplication app) => _app = app;

    /// <summary>The playlists behind the hub.</summary>
    public FakeGrains Grains { get; } = new();

    /// <summary>Where it listens, with no slash at the end.</summary>
    public string Address { get; private set; } = "";

    public static async Task<LiveServer> StartAsync(
        Action<LiveOptions>? configure = null, Action<RateLimitOptions>? limit = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.Services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = TokenIsUser.Scheme;
            options.AddScheme<TokenIsUser>(TokenIsUser.Scheme, displayName: null);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<TrackCards>();
        builder.Services.AddSingleton<SessionDenylist>();
        builder.Services.AddSingleton<Standings>();
        builder.Services.AddIndiiRateLimits(builder.Configuration);
        builder.Services.AddIndiiFeatures();
        builder.Services.AddIndiiLive();
        builder.Services.Configure(configure ?? (_ => { }));
        builder.Services.Configure(limit ?? (_ => { }));

        LiveServer? server = null;
        builder.Services.AddSingleton<IGrainFactory>(_ => server!.Grains.AsFactory());
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseAuthentication();
        app.UseIndiiAccess();
        app.MapLive();
        server = new LiveServer(app);
        await app.StartAsync();
        server.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
        return server;
    }

    /// <summary>A token for a user; for somebody new and for ever unless told otherwise.</summary>
    public static string Token(Guid? userId = null, DateTimeOffset? endsAt = null) =>
        $"{userId ?? Guid.CreateVersion7()}.{(endsAt ?? DateTimeOffset.MaxValue).UtcTicks}";

    /// <summary>A client for a user, not yet connected.</summary>
    public LivePlaylistClient Client(Guid playlistId, Guid? userId = null)
    {
        var token = Token(userId);
        return new LivePlaylistClient(Address, playlistId, () => Task.FromResult<string?>(token));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class TokenIsUser : IAuthenticationHandler
    {
        public const string Scheme = "token-is-user";
        private HttpContext _context = null!;

        public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
        {
            _context = context;
            return Task.CompletedTask;
        }

        public Task<AuthenticateResult> AuthenticateAsync()
        {
            var header = _context.Request.Headers.Authorization.ToString();
            var token = header.Length == 0
                ? _context.Request.Query["access_token"].ToString()
                : header["Bearer ".Length..];
            if (token.Split('.') is not [var user, var end])
                return Task.FromResult(AuthenticateResult.NoResult());
            var expires = new DateTimeOffset(long.Parse(end, CultureInfo.InvariantCulture), TimeSpan.Zero);
            var principal = new ActorPrincipal(Actor.User(Guid.Parse(user)), Guid.Empty, expires)
            {
                // There are no sessions behind these users that could be asked.
                CheckedAt = long.MaxValue,
            };
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(
                principal, new AuthenticationProperties { ExpiresUtc = expires }, Scheme)));
        }

        public Task ChallengeAsync(AuthenticationProperties? properties) => Answer(401);

        public Task ForbidAsync(AuthenticationProperties? properties) => Answer(403);

        private Task Answer(int status)
        {
            _context.Response.StatusCode = status;
            return Task.CompletedTask;
        }
    }
}
