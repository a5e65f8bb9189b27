using System.CommandLine;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Bench.Hosting;

/// <summary>
/// What ASP.NET Core costs by itself: an endpoint that answers bytes that it was given, and a hub that sends each
/// call to everybody. It keeps nothing and asks nobody.
/// </summary>
internal static class BareServer
{
    public const string CommandName = "bare-server";
    public const string PageRoute = "/page";
    public const string HubRoute = "/hub";
    public const string ETag = "\"1\"";

    private static readonly Option<FileInfo?> Page = new("--page");

    private static readonly Option<int> ChangeBytes = new("--change-bytes");

    /// <summary>The command that runs it; it ends with the process that started it.</summary>
    public static Command Command()
    {
        var command = new Command(CommandName, "The bare server that Indii Music is compared with.") { Hidden = true };
        command.Options.Add(Page);
        command.Options.Add(ChangeBytes);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(Page), parsed.GetValue(ChangeBytes), cancellationToken));
        return command;
    }

    private static async Task RunAsync(FileInfo? pageFile, int changeBytes, CancellationToken cancellationToken)
    {
        var page = pageFile is null ? [] : await File.ReadAllBytesAsync(pageFile.FullName, cancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSignalR();
        builder.Services.AddSingleton(new BareChange(changeBytes));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet(PageRoute, (HttpContext context) =>
        {
            context.Response.Headers.ETag = ETag;
            return context.Request.Headers.IfNoneMatch == ETag
                ? Results.StatusCode(StatusCodes.Status304NotModified)
                : Results.Bytes(page, "application/json; charset=utf-8");
        });
        app.MapHub<BareHub>(HubRoute);
        await app.StartAsync(cancellationToken);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        await Console.Out.WriteLineAsync($"The bare server is ready at {addresses.First()}");
        await Console.In.ReadToEndAsync(cancellationToken);
        await app.StopAsync(CancellationToken.None);
    }

    /// <summary>Sends each call to everybody, then answers it as ours does.</summary>
    internal sealed class BareHub(BareChange change) : Hub
    {
        public Task Join(string id, long? sinceVersion) =>
            Clients.Caller.SendAsync("Changed", change.Of(id, sinceVersion ?? 0));

        public async Task<BareResult> Apply(string id, JsonElement command)
        {
            var version = change.Next();
            await Clients.All.SendAsync("Changed", change.Of(id, version));
            return new BareResult(version, version, version, [new BareOperationResult("applied", [(int)version])]);
        }
    }

    /// <summary>Makes messages of a given size.</summary>
    internal sealed class BareChange(int bytes)
    {
        private readonly string _filling = new('x', bytes);
        private long _version;

        public long Next() => Interlocked.Increment(ref _version);

        public BareMessage Of(string id, long version) => new(id, version, _filling);
    }

    internal sealed record BareMessage(string PlaylistId, long Version, string Filling);

    internal sealed record BareResult(
        long Version, long ContentVersion, long DetailsVersion, BareOperationResult[] Results);

    internal sealed record BareOperationResult(string Outcome, int[] EntryIds);
}
