using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Compression;

/// <summary>Brotli and gzip for text. Audio and pictures are compressed already.</summary>
public static class CompressionHosting
{
    /// <summary>
    /// Adds compression, also over TLS: the gateway knows no cookies that an attacker could make a browser send.
    /// </summary>
    public static IServiceCollection AddIndiiCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.AddSingleton<IResponseCompressionProvider, WorthwhileCompression>();
        return services;
    }

    /// <summary>Leaves alone what is known to be so small that compressing it gains nothing.</summary>
    private sealed class WorthwhileCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
        : ResponseCompressionProvider(services, options)
    {
        private const long BytesMin = 1_024;

        public override bool ShouldCompressResponse(HttpContext context) =>
            context.Response.ContentLength is null or >= BytesMin && base.ShouldCompressResponse(context);
    }
}
