// ApiCheck: prints the types that an assembly uses and .NET Standard 2.1 does not have: ApiCheck ASSEMBLY NETSTANDARD.
using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Skyloom.Tests
{
    internal static class ApiCheck
    {
        public static int Main(string[] arguments)
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            using (var file = new PEReader(File.OpenRead(arguments[1])))
            {
                var standard = file.GetMetadataReader();
                foreach (var handle in standard.ExportedTypes)
                {
                    var type = standard.GetExportedType(handle);
                    known.Add(standard.GetString(type.Namespace) + "." + standard.GetString(type.Name));
                }
            }
            using (var file = new PEReader(File.OpenRead(arguments[0])))
            {
                var used = file.GetMetadataReader();
                foreach (var handle in used.TypeReferences)
                {
                    var type = used.GetTypeReference(handle);
                    // A nested type stands or falls with the one around it.
                    bool nested = type.ResolutionScope.Kind == HandleKind.TypeReference;
                    string name = used.GetString(type.Namespace) + "." + used.GetString(type.Name);
                    if (!nested && !known.Contains(name))
                    {
                        Console.WriteLine(name);
                    }
                }
            }
            return known.Count > 1000 ? 0 : 1;
        }
    }
}
