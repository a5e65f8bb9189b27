namespace IndiiMusic.Grains.Library;

/// <summary>Follows one playlist's stream for libraries; nobody calls it. The key is the playlist's id.</summary>
[Alias("indii.library.playlist-library-consumer")]
internal interface IPlaylistLibraryConsumer : IGrainWithGuidKey;
