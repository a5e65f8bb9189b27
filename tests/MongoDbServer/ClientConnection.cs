using System.Net.Sockets;
using IndiiMusic.MongoDbServer.Commands;
using IndiiMusic.MongoDbServer.FaultInjection;
using IndiiMusic.MongoDbServer.Wire;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer;

/// <summary>One client's connection: a command at a time, each answered before the next is read.</summary>
internal sealed class ClientConnection(
    Socket socket, CommandProcessor processor, FaultPlan faults, CommandCounts counts)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        var messages = new MessageStream(stream);
        try
        {
            while (await messages.ReadAsync(cancellationToken) is { } request)
            {
                counts.Add(request.Name);
                if (await AnswerAsync(request, cancellationToken) is not { } reply)
                    return;
                if (request.WantsReply)
                    await messages.WriteAsync(request, reply, cancellationToken);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // The client went away, or the server is being stopped.
        }
        catch (Exception error) when (error is InvalidDataException or FormatException)
        {
            await Console.Error.WriteLineAsync($"A connection was closed: {error.Message}");
        }
    }

    /// <summary>The answer; null where the connection is to be dropped instead.</summary>
    private async Task<Reply?> AnswerAsync(Request request, CancellationToken cancellationToken)
    {
        var fault = faults.Strike(request.Name, request.Collection, request.ToDocument);
        if (fault is null)
            return processor.Execute(request);
        var effect = fault.Effect;
        if (effect.DropsBefore)
            return null;
        if (effect.Instead is not null)
            return new Reply(effect.Instead(request.Body));
        var reply = processor.Execute(request);
        if (effect.DropsAfter)
            return null;
        if (effect.Delay > TimeSpan.Zero)
            await Task.Delay(effect.Delay, cancellationToken);
        if (effect.Holds)
            await fault.Ended.WaitAsync(cancellationToken);
        return effect.WriteConcernError is { } error ? WithWriteConcernError(request, reply, error) : reply;
    }

    private static Reply WithWriteConcernError(Request request, Reply reply, BsonDocument error)
    {
        var document = (BsonDocument)reply.Document.DeepClone();
        document["writeConcernError"] = error;
        return reply with { Document = FaultBuilder.WithLabels(request.Body, error["code"].ToInt32(), document) };
    }
}
