import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3control.S3ControlClient;

/** Reads code and message of S3 Control's errors with the AWS SDK for Java 2: Errors URL ERRORS. */
public class Errors {
  private static final String ACCOUNT = "000000000000";
  private static final String UNKNOWN_JOB = "c41f9a7e-0b3d-4e62-8f15-6d2e7a90b3c4";
  private static int failures = 0;

  public static void main(String[] arguments) throws Exception {
    URI stack = URI.create(arguments[0]);
    var listed = JsonNode.parser().parse(Files.readString(Path.of(arguments[1]))).asArray();
    S3ControlClient client = S3ControlClient.builder()
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("me", "x")))
        .httpClient(UrlConnectionHttpClient.create())
        .endpointProvider(parameters -> CompletableFuture.completedFuture(Endpoint.builder().url(stack).build()))
        .overrideConfiguration(configuration -> configuration
            .retryStrategy(DefaultRetryStrategy.doNotRetry())
            .putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
        .build();
    Runnable describe = () -> client.describeJob(request -> request.accountId(ACCOUNT).jobId(UNKNOWN_JOB));

    check(describe, "NoSuchJob", null);
    check(() -> client.listJobs(r -> r.accountId(ACCOUNT).nextToken("bogus")), "InvalidNextTokenException", null);
    check(() -> client.listJobs(r -> r.accountId(ACCOUNT).jobStatusesWithStrings("Bogus")), "InvalidRequestException", null);
    for (JsonNode one : listed) {
      String code = one.field("code").get().asString();
      String message = "<" + code + "> & więcej";
      setFault(stack, code, one.field("status").get().asNumber(), message);
      check(describe, code, message);
    }
    int all = listed.size() + 3;
    System.out.printf("AWS SDK for Java 2: read code and message of %d of %d errors%n", all - failures, all);
    System.exit(failures > 0 ? 1 : 0);
  }

  /** Compares the error of a call with the expected code and, unless it is null, the message. */
  private static void check(Runnable call, String code, String message) {
    try {
      call.run();
      fail(code + ": the call succeeded");
    } catch (AwsServiceException thrown) {
      var found = thrown.awsErrorDetails();
      String read = found == null ? null : found.errorMessage();
      if (found == null || !code.equals(found.errorCode()) || read == null || read.isEmpty()
          || (message != null && !message.equals(read)))
        fail(code + ": the SDK read code " + (found == null ? null : found.errorCode()) + " and message " + read);
    }
  }

  private static void fail(String what) {
    failures++;
    System.out.println("FAILED " + what);
  }

  private static void setFault(URI stack, String code, String status, String message) throws Exception {
    String body = """
        {"faults": [{"service": "s3control", "action": "DescribeJob", "times": 1,
          "effect": {"type": "error", "code": "%s", "status": %s, "message": "%s"}}]}""".formatted(code, status, message);
    HttpRequest request = HttpRequest.newBuilder(stack.resolve("/_bucket-brigade/faults"))
        .header("content-type", "application/json").PUT(HttpRequest.BodyPublishers.ofString(body)).build();
    var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) throw new IllegalStateException(response.body());
  }
}
