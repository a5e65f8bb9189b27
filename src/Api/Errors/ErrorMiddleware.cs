using IndiiMusic.Api.Telemetry;

namespace IndiiMusic.Api.Errors;

/// <summary>
/// The outermost layer: turns exceptions and empty error answers into problem documents, so that nothing else has to.
/// </summary>
internal sealed partial class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Browsers must take bodies for what their type says; strangers may have sent what is in them.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has hung up: nobody reads an answer.
            return;
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, exception);
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= StatusCodes.Status400BadRequest && IsEmpty(response))
        {
            await Problem.WriteAsync(context, Failure.OfStatus(response.StatusCode, context));
        }
    }

    // Files answer failed conditions and ranges by a status alone, beside the type that the file would have had.
    private static bool IsEmpty(HttpResponse response) =>
        !response.HasStarted
        && response.ContentLength is null or 0
        && (string.IsNullOrEmpty(response.ContentType)
            || response.StatusCode is StatusCodes.Status412PreconditionFailed
                or StatusCodes.Status416RangeNotSatisfiable);

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        var failure = Failure.Of(exception);
        if (failure.IsOurs)
        {
            LogFailed(
                exception,
                context.Request.Method,
                RequestTelemetryMiddleware.RouteOf(context.GetEndpoint()),
                failure.Code,
                Problem.TraceId(context));
        }

        if (context.Response.HasStarted)
        {
            // Half an answer is out already; only a broken connection tells the caller that it is not whole.
            context.Abort();
            return;
        }

        await Problem.WriteAsync(context, failure);
    }
}
