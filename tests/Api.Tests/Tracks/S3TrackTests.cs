namespace IndiiMusic.Api.Tests.Tracks;

/// <summary>All that holds for tracks over a folder, over S3.</summary>
[Collection(S3StandaloneCollection.Name)]
[Trait("Server", "S3")]
public sealed class S3TrackTests(S3StandaloneServer server) : TrackTests(server);
