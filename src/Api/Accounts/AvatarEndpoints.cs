using System.Security.Cryptography;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Features;
using IndiiMusic.Api.Objects;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Objects;
using IndiiMusic.Grains.Tracks;
using IndiiMusic.Infrastructure.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace IndiiMusic.Api.Accounts;

/// <summary>One's own picture.</summary>
internal static class AvatarEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private static readonly string[] MediaTypes = ["image/png", "image/jpeg", "image/webp"];

    /// <param name="me">The group of one's own account, for those who signed in.</param>
    public static void MapAvatar(this IEndpointRouteBuilder me)
    {
        me.MapPut("/avatar", PutAvatar)
            .Needs(Feature.Uploads)
            .WithMetadata(new RequestSizeLimitAttribute(AccountLimits.AvatarBytesMax))
            .TakesFile(MediaTypes);
        me.MapMethods("/avatar", Reading, GetAvatar).AnswersFile(MediaTypes).Fails(ErrorCode.NotFound);
    }

    /// <summary>Replace one's picture by the body: a PNG, JPEG or WebP of at most 2 MB.</summary>
    private static async Task<Ok<ProfileResponse>> PutAvatar(
        HttpContext context, IGrainFactory grains, IObjectStore objects, CancellationToken cancellationToken)
    {
        var actor = context.GetActor();
        var userId = actor.RequireUser();
        using var picture = new MemoryStream();
        await context.Request.Body.CopyToAsync(picture, cancellationToken);
        var mediaType = Picture.MediaTypeOf(picture.GetBuffer().AsSpan(0, (int)picture.Length));
        if (mediaType is null || !MediaTypes.Contains(mediaType))
            throw new IndiiException(ErrorCode.UnsupportedMedia, "A picture is a PNG, JPEG or WebP file.");

        picture.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(picture, cancellationToken));
        picture.Position = 0;
        var next = new AvatarReference($"avatars/{userId:N}/{hash}", mediaType);
        await objects.PutAsync(next.ObjectKey, picture, mediaType, cancellationToken);

        var user = grains.GetGrain<IUserGrain>(userId);
        var before = await user.GetProfile(actor);
        var profile = await user.ChangeProfile(actor, new ProfileChanges(Avatar: next));
        if (before.Avatar is { } replaced && replaced.ObjectKey != next.ObjectKey)
            await objects.DeleteAsync(replaced.ObjectKey, CancellationToken.None);

        return TypedResults.Ok(ProfileResponse.Of(profile));
    }

    /// <summary>One's picture.</summary>
    private static async Task<IResult> GetAvatar(HttpContext context, IGrainFactory grains, StoredObjects objects)
    {
        var actor = context.GetActor();
        var profile = await grains.GetGrain<IUserGrain>(actor.RequireUser()).GetProfile(actor);
        var avatar = profile.Avatar ?? throw IndiiException.NotFound("avatar");
        var headers = context.Response.GetTypedHeaders();
        headers.CacheControl = new CacheControlHeaderValue { Private = true, NoCache = true };

        // Browsers must take the bytes for what their type says.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var tag = avatar.ObjectKey[(avatar.ObjectKey.LastIndexOf('/') + 1)..];
        return await objects.SendAsync(context, avatar.ObjectKey, avatar.ContentType, tag);
    }
}
