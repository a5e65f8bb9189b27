using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// Lets a document have bodies of any size. Bodies that fit stand in the document itself. Others stand in pieces, which
/// are written before the document that names them: until that one is there, they belong to nothing, so all of it is
/// visible or none. Shard key of the pieces: <c>{stream: "hashed"}</c>.
/// </summary>
/// <remarks>
/// Pieces that belong to nothing are left by a writer that lost its race or died. The stream's next snapshot sweeps
/// them, once they are too old to be another writer's who has not finished. Pieces of a batch can be swept even if that
/// writer was only asleep and the clocks disagree: up to a snapshot's version every key is taken, so that its document
/// can never come to be.
/// </remarks>
internal sealed class MongoDbBodies(MongoDbDatabase database, MongoDbOptions options, TimeProvider time)
{
    private const string CollectionName = "event_pieces";
    private const string Pieces = "pieces";
    private const string WrittenAt = "writtenAt";

    private IMongoCollection<StoredDocument> Collection => database.Collection<StoredDocument>(CollectionName);

    /// <summary>
    /// Writes the bodies into a document that is under way, or into pieces of their own and into the document what they
    /// are called.
    /// </summary>
    /// <param name="head">The document.</param>
    /// <param name="owner">What it is of: the kind, the stream and the version.</param>
    /// <param name="bodies">UTF-8 JSON documents.</param>
    /// <param name="cancellationToken">Whether anybody still waits.</param>
    public async Task WriteAsync(
        BsonBuffer head, Owner owner, IReadOnlyList<ReadOnlyMemory<byte>> bodies, CancellationToken cancellationToken)
    {
        if (TryWriteInto(head, bodies))
            return;

        var write = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var count = 0;
        foreach (var body in bodies)
        {
            for (var offset = 0; offset < body.Length || offset == 0;)
            {
                using var piece = new BsonBuffer();
                BeginPiece(piece, owner, write, count++);

                // A single body did not fit into the document itself, so there is no need to try again.
                offset += bodies.Count > 1 && offset == 0 && TryWriteBody(piece, body.Span)
                    ? body.Length
                    : WriteText(piece, body.Span, offset);
                piece.End(0);
                await Collection.InsertOneAsync(new StoredDocument(piece.Written), options: null, cancellationToken);
            }
        }

        head.BeginField(BsonType.Document, "pieces"u8);
        var start = head.Begin();
        head.String("write"u8, write);
        head.Int32("count"u8, count);
        head.End(start);
    }

    /// <summary>The bodies of a document that was read; null when pieces of it are gone.</summary>
    public async Task<List<ReadOnlyMemory<byte>>?> ReadAsync(
        StoredDocument head, Owner owner, CancellationToken cancellationToken)
    {
        for (var fields = head.Elements(); fields.Next();)
        {
            if (fields.Name.SequenceEqual("body"u8))
                return [JsonFromBson.Read(fields)];
            if (fields.Name.SequenceEqual("bodies"u8))
                return BodiesIn(fields);
            if (fields.Name.SequenceEqual("pieces"u8))
            {
                var (write, count) = NamesOf(fields);
                return await ReadPiecesAsync(owner, write, count, cancellationToken);
            }
        }

        return null;
    }

    /// <summary>Deletes the pieces of one write, or of all writes of a document.</summary>
    public Task ForgetAsync(Owner owner, string? write, CancellationToken cancellationToken) =>
        Collection.DeleteManyAsync(Range(owner, write ?? ""), cancellationToken);

    /// <summary>Deletes pieces of a stream that are old and belong to nothing.</summary>
    /// <param name="kind">What they are of.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="upToVersion">The last version whose pieces are looked at.</param>
    /// <param name="heads">The collection that has the documents.</param>
    /// <param name="cancellationToken">Whether anybody still waits.</param>
    public async Task SweepAsync(
        string kind,
        string stream,
        long upToVersion,
        IMongoCollection<BsonDocument> heads,
        CancellationToken cancellationToken)
    {
        var old = time.GetUtcNow() - options.OrphanAge;
        var written = new HashSet<(long Version, string Write)>();
        var (first, last) = (new Owner(kind, stream, 0).Id, $"{new Owner(kind, stream, upToVersion).Id}~");
        using (var rows = await database.Collection<BsonDocument>(CollectionName).FindAsync(
            new BsonDocument
            {
                { BatchFields.Stream, stream },
                { "_id", new BsonDocument { { "$gte", first }, { "$lte", last } } },
            },
            new FindOptions<BsonDocument>
            {
                Projection = new BsonDocument { { "version", 1 }, { "write", 1 }, { WrittenAt, 1 } },
            },
            cancellationToken))
        {
            while (await rows.MoveNextAsync(cancellationToken))
            {
                foreach (var row in rows.Current.Where(row => row[WrittenAt].ToUniversalTime() < old.UtcDateTime))
                    written.Add((row["version"].ToInt64(), row["write"].AsString));
            }
        }

        foreach (var (version, write) in written)
        {
            using var rows = await heads.FindAsync(
                BatchFields.At(stream, version),
                new FindOptions<BsonDocument> { Projection = new BsonDocument(Pieces, 1), Limit = 1 },
                cancellationToken);
            var head = await rows.FirstOrDefaultAsync(cancellationToken);
            if (head is null || !head.TryGetValue(Pieces, out var pieces) || pieces["write"].AsString != write)
                await ForgetAsync(new Owner(kind, stream, version), write, cancellationToken);
        }
    }

    private bool TryWriteInto(BsonBuffer document, IReadOnlyList<ReadOnlyMemory<byte>> bodies)
    {
        if (bodies.Count == 1)
            return TryWriteBody(document, bodies[0].Span);

        var before = document.Length;
        document.BeginField(BsonType.Array, "bodies"u8);
        var start = document.Begin();
        for (var i = 0; i < bodies.Count; i++)
        {
            BsonFromJson.Item(document, i, bodies[i].Span);
            if (document.Length - before > options.BodyBytesMax)
            {
                document.CutBack(before);
                return false;
            }
        }

        document.End(start);
        return true;
    }

    private void BeginPiece(BsonBuffer piece, Owner owner, string write, int number)
    {
        piece.Begin();
        piece.String("_id"u8, PieceId(owner, write, number));
        piece.String("stream"u8, owner.Stream);
        piece.Int64("version"u8, owner.Version);
        piece.String("write"u8, write);
        piece.BeginField(BsonType.DateTime, "writtenAt"u8);
        piece.Int64Value(time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private bool TryWriteBody(BsonBuffer document, ReadOnlySpan<byte> body)
    {
        var before = document.Length;
        BsonFromJson.Field(document, "body"u8, body);
        if (document.Length - before <= options.BodyBytesMax)
            return true;
        document.CutBack(before);
        return false;
    }

    /// <summary>Writes as much of a body's text as fits; nobody reads so much in a shell anyway.</summary>
    /// <returns>How many bytes that are.</returns>
    private int WriteText(BsonBuffer piece, ReadOnlySpan<byte> body, int offset)
    {
        var end = CharacterBoundary(body, Math.Min(body.Length, offset + options.BodyBytesMax));
        piece.String("text"u8, body[offset..end]);
        piece.Boolean("endsBody"u8, end == body.Length);
        return end - offset;
    }

    private async Task<List<ReadOnlyMemory<byte>>?> ReadPiecesAsync(
        Owner owner, string write, int count, CancellationToken cancellationToken)
    {
        var bodies = new List<ReadOnlyMemory<byte>>();
        var text = new MemoryStream();
        var number = 0;
        using var rows = await Collection.FindAsync(
            Range(owner, write),
            new FindOptions<StoredDocument> { Sort = new BsonDocument("_id", 1) },
            cancellationToken);
        while (await rows.MoveNextAsync(cancellationToken))
        {
            foreach (var piece in rows.Current)
            {
                number++;
                Take(piece, bodies, text);
            }
        }

        return number == count ? bodies : null;
    }

    private static void Take(StoredDocument piece, List<ReadOnlyMemory<byte>> bodies, MemoryStream text)
    {
        for (var fields = piece.Elements(); fields.Next();)
        {
            if (fields.Name.SequenceEqual("body"u8))
            {
                bodies.Add(JsonFromBson.Read(fields));
            }
            else if (fields.Name.SequenceEqual("text"u8))
            {
                text.Write(fields.Value);
            }
            else if (fields.Name.SequenceEqual("endsBody"u8) && fields.Boolean)
            {
                bodies.Add(text.ToArray());
                text.SetLength(0);
            }
        }
    }

    private static List<ReadOnlyMemory<byte>> BodiesIn(in BsonElements field)
    {
        var bodies = new List<ReadOnlyMemory<byte>>();
        for (var items = new BsonElements(field.Value); items.Next();)
            bodies.Add(JsonFromBson.Read(items));
        return bodies;
    }

    private static (string Write, int Count) NamesOf(in BsonElements field)
    {
        var (write, count) = ("", 0);
        for (var names = new BsonElements(field.Value); names.Next();)
        {
            if (names.Name.SequenceEqual("write"u8))
                write = names.String;
            else if (names.Name.SequenceEqual("count"u8))
                count = names.Int32;
        }

        return (write, count);
    }

    private static int CharacterBoundary(ReadOnlySpan<byte> utf8, int end)
    {
        const int continuationMask = 0xC0;
        const int continuation = 0x80;
        while (end < utf8.Length && (utf8[end] & continuationMask) == continuation)
            end--;
        return end;
    }

    private static string PieceId(Owner owner, string write, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{owner.Id}#{write}#{number:D6}");

    /// <summary>The pieces whose id begins so; <c>~</c> comes after all that an id goes on with.</summary>
    private static BsonDocument Range(Owner owner, string write) => new()
    {
        { BatchFields.Stream, owner.Stream },
        { "_id", new BsonDocument { { "$gte", $"{owner.Id}#{write}" }, { "$lte", $"{owner.Id}#{write}~" } } },
    };

    /// <summary>The document that pieces belong to.</summary>
    /// <param name="Kind">A word for its collection.</param>
    /// <param name="Stream">Its stream.</param>
    /// <param name="Version">Its version.</param>
    public sealed record Owner(string Kind, string Stream, long Version)
    {
        public string Id => $"{Kind}:{BatchFields.IdOf(Stream, Version)}";
    }
}
