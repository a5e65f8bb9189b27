using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.Hosting;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>Where audio, artwork and avatars are kept.</summary>
public enum ObjectsProvider
{
    /// <summary>In a folder of this machine.</summary>
    Folder = 0,

    /// <summary>In a bucket.</summary>
    S3 = 1,
}

/// <summary>The object store that <c>Objects:Provider</c> chooses.</summary>
public static class ObjectStorageHosting
{
    /// <summary>Adds it.</summary>
    public static IHostApplicationBuilder AddIndiiObjects(this IHostApplicationBuilder builder)
    {
        if (builder.ChooseProvider("Objects", ObjectsProvider.Folder) == ObjectsProvider.S3)
            builder.Services.AddS3ObjectStore();
        else
            builder.Services.AddFolderObjectStore();
        return builder;
    }
}
