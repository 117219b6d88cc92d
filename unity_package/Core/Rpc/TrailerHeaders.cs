// TrailerHeaders: grpc-status and its companions, whether they came as HTTP headers or in the trailing frame.
using System;
using System.Globalization;
using System.Text;

namespace Skyloom.Rpc
{
    internal sealed class TrailerHeaders
    {
        private string _status;
        private string _message = "";
        private string _details = "";

        public void Add(string name, string value)
        {
            switch (name.Trim().ToLowerInvariant())
            {
                case "grpc-status":
                    _status = value.Trim();
                    break;
                case "grpc-message":
                    _message = PercentDecoded(value.Trim());
                    break;
                case "grpc-status-details-bin":
                    _details = value.Trim();
                    break;
            }
        }

        /// <summary>The status, null where there was none.</summary>
        public RpcStatus Status()
        {
            if (_status == null)
            {
                return null;
            }
            if (!int.TryParse(_status, NumberStyles.None, CultureInfo.InvariantCulture, out int code) || code > 16)
            {
                return new RpcStatus(StatusCode.Unknown, $"grpc-status {_status}: {_message}");
            }
            var status = new RpcStatus((StatusCode)code, _message);
            byte[] details = Base64(_details);
            if (details.Length > 0)
            {
                status.AddDetails(details);
            }
            return status;
        }

        private static byte[] Base64(string text)
        {
            // gRPC leaves the padding out.
            text = text.TrimEnd('=');
            try
            {
                return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
            }
            catch (FormatException)
            {
                return Array.Empty<byte>();
            }
        }

        // Uri.UnescapeDataString differs between runtimes for bytes that are no UTF-8.
        private static string PercentDecoded(string text)
        {
            var bytes = new System.IO.MemoryStream();
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == '%' && i + 2 < text.Length && byte.TryParse(text.Substring(i + 1, 2),
                    NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte code))
                {
                    bytes.WriteByte(code);
                    i += 2;
                    continue;
                }
                byte[] plain = Encoding.UTF8.GetBytes(text[i].ToString());
                bytes.Write(plain, 0, plain.Length);
            }
            return Encoding.UTF8.GetString(bytes.ToArray());
        }
    }
}
