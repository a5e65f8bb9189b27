using System.Collections.Immutable;
using System.Text.Json;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Mvc;

namespace IndiiMusic.Api.Errors;

/// <summary>
/// Puts the problems that the framework itself makes, those of request validation above all, into our own form.
/// </summary>
internal sealed class ProblemDetailsService : IProblemDetailsService
{
    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var details = context.ProblemDetails;
        var status = details.Status ?? context.HttpContext.Response.StatusCode;
        var failure = details is HttpValidationProblemDetails validation
            ? OfValidation(validation)
            : Failure.OfStatus(status, context.HttpContext) is var plain && details.Detail is { } detail
                ? plain with { Detail = detail }
                : plain;
        return new ValueTask(Problem.WriteAsync(context.HttpContext, failure));
    }

    public async ValueTask<bool> TryWriteAsync(ProblemDetailsContext context)
    {
        await WriteAsync(context);
        return true;
    }

    private static Failure OfValidation(HttpValidationProblemDetails validation)
    {
        var fields = validation.Errors
            .SelectMany(pair => pair.Value.Select(problem => new FieldError(JsonPath(pair.Key), problem)))
            .ToImmutableArray();
        return new Failure(ErrorCode.InvalidRequest, $"{fields[0].Field}: {fields[0].Problem}", Fields: fields);
    }

    private static string JsonPath(string clrPath) =>
        string.Join('.', clrPath.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
