using IndiiMusic.MongoDbServer;

var position = Array.IndexOf(args, "--port");
var port = 27017;
if (args.Length != 0 && (position != 0 || args.Length != 2 || !int.TryParse(args[1], out port)))
{
    await Console.Error.WriteLineAsync("usage: --port <number>");
    return 2;
}

var stopped = new TaskCompletionSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopped.TrySetResult();
};
await using var server = await MongoDbTestServer.StartAsync(port);
Console.WriteLine($"{server.ConnectionString} listens; it keeps nothing once it ends, and is for trying out only.");
await stopped.Task;
return 0;
