using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpNet;
using QRCoder;

namespace IndiiMusic.Api.Auth;

/// <summary>One's own second factor.</summary>
internal static class TwoFactorEndpoints
{
    private const string Issuer = "Indii Music";
    private const int PixelsPerModule = 6;

    /// <param name="me">The group of one's own account, for those who signed in.</param>
    public static void MapTwoFactor(this IEndpointRouteBuilder me)
    {
        var factor = me.MapGroup("/two-factor").WithTags("Auth").RefusesPersonalTokens();
        factor.MapGet("", Get);
        factor.MapPost("", Begin).Fails(ErrorCode.StepUpRequired, ErrorCode.Conflict);
        factor.MapPost("/confirm", Confirm).Fails(ErrorCode.Conflict);
        factor.MapDelete("", TurnOff).Fails(ErrorCode.StepUpRequired);
        factor.MapPost("/recovery-codes", ReplaceRecoveryCodes).Fails(ErrorCode.StepUpRequired, ErrorCode.Conflict);
        factor.MapDelete("/devices", ForgetDevices);
        factor.MapDelete("/devices/{id:guid}", ForgetDevice);
    }

    /// <summary>Whether the second factor is on, and which devices need none.</summary>
    private static async Task<Ok<TwoFactorResponse>> Get(HttpContext context, IGrainFactory grains) =>
        TypedResults.Ok(TwoFactorResponse.Of(await GrainOf(context, grains).GetStatus(context.GetActor())));

    /// <summary>Begin to turn on the second factor: a secret for an app that makes codes.</summary>
    private static async Task<Ok<BegunTwoFactorResponse>> Begin(HttpContext context, IGrainFactory grains)
    {
        AuthEndpoints.DoNotStore(context.Response);
        var actor = context.GetActor();
        var card = await grains.GetGrain<IUserGrain>(actor.RequireUser()).FindCard()
            ?? throw IndiiException.NotFound("user");
        var begun = await GrainOf(context, grains).Begin(actor, SessionOf(context));
        var uri = new OtpUri(OtpType.Totp, begun.Secret, card.Username, Issuer).ToString();
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var picture = new PngByteQRCode(data);
        var png = Convert.ToBase64String(picture.GetGraphic(PixelsPerModule));
        return TypedResults.Ok(new BegunTwoFactorResponse(begun.Secret, uri, "data:image/png;base64," + png));
    }

    /// <summary>Turn the second factor on by a first code of the app. The recovery codes are shown only now.</summary>
    private static async Task<Ok<RecoveryCodesResponse>> Confirm(
        ConfirmTwoFactorRequest request, HttpContext context, IGrainFactory grains)
    {
        AuthEndpoints.DoNotStore(context.Response);
        var codes = await GrainOf(context, grains).Confirm(context.GetActor(), request.Code);
        return TypedResults.Ok(new RecoveryCodesResponse(codes.Codes));
    }

    /// <summary>Turn the second factor off, and forget its codes and devices.</summary>
    private static async Task<NoContent> TurnOff(HttpContext context, IGrainFactory grains)
    {
        await GrainOf(context, grains).TurnOff(context.GetActor(), SessionOf(context));
        return TypedResults.NoContent();
    }

    /// <summary>Make new recovery codes; the old ones end. They are shown only now.</summary>
    private static async Task<Ok<RecoveryCodesResponse>> ReplaceRecoveryCodes(
        HttpContext context, IGrainFactory grains)
    {
        AuthEndpoints.DoNotStore(context.Response);
        var codes = await GrainOf(context, grains).ReplaceRecoveryCodes(context.GetActor(), SessionOf(context));
        return TypedResults.Ok(new RecoveryCodesResponse(codes.Codes));
    }

    /// <summary>Ask all devices for a code again.</summary>
    private static async Task<NoContent> ForgetDevices(HttpContext context, IGrainFactory grains)
    {
        await GrainOf(context, grains).ForgetDevices(context.GetActor(), deviceId: null);
        return TypedResults.NoContent();
    }

    /// <summary>Ask a device for a code again.</summary>
    private static async Task<NoContent> ForgetDevice(Guid id, HttpContext context, IGrainFactory grains) =>
        await GrainOf(context, grains).ForgetDevices(context.GetActor(), id)
            ? TypedResults.NoContent()
            : throw IndiiException.NotFound("remembered device");

    private static Guid SessionOf(HttpContext context) => ((ActorPrincipal)context.User).SessionId;

    private static ITwoFactorGrain GrainOf(HttpContext context, IGrainFactory grains) =>
        grains.GetGrain<ITwoFactorGrain>(context.GetActor().RequireUser());
}
